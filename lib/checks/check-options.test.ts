import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../backend/tf";
import { DataLoader } from "../data/loader";
import { Adam } from "../optim/adam";
import { AdamW } from "../optim/adamw";
import { ReduceLROnPlateau } from "../optim/reduce-lr-on-plateau";
import { SGD } from "../optim/sgd";
import { StepLR } from "../optim/step-lr";
import { TorchGenerator } from "../random/torch";
import { CustomTraining } from "../training/custom-training";
import { Trainer } from "../training/trainer";

const x = tf.variable(tf.zeros([2]));
const groups = [{ lr: 1 }];
const takers: Record<string, (options: never) => unknown> = {
  SGD: (options) => new SGD({ x }, options),
  Adam: (options) => new Adam({ x }, options),
  AdamW: (options) => new AdamW({ x }, options),
  StepLR: (options) => new StepLR({ groups }, options),
  ReduceLROnPlateau: (options) => new ReduceLROnPlateau({ groups }, options),
  DataLoader: (options) => new DataLoader({ count: 4 }, options),
  Trainer: (options) => new Trainer(options),
  CustomTraining: (options) => new CustomTraining(options),
};
/** Options of PyTorch's that are spelled otherwise here, or that have no meaning here, and a slip of the pen. */
const foreign = [
  "weight_decay",
  "foreach",
  "fused",
  "capturable",
  "differentiable",
  "learningRate",
  "__proto",
];

for (const [name, take] of Object.entries(takers)) {
  test(`${name} refuses an option that it does not have, and lists those it has`, () => {
    for (const option of foreign) {
      const options = { generator: new TorchGenerator(0), batchSize: 2, stepSize: 2, [option]: false };
      assert.throws(
        () => take(options as never),
        new RegExp(`^Error: ${name} has no option .*${option}, expected some of \\w+, \\w+`),
      );
    }
  });

  test(`${name} refuses options that are not an object`, () => {
    for (const options of [0.1, "lr", null, [0.1]]) {
      assert.throws(() => take(options as never), new RegExp(`${name}: expected an object of options`));
    }
  });
}

test("SGD has no betas, and Adam no momentum", () => {
  assert.throws(
    () => takers.SGD!({ betas: [0.9, 0.999] } as never),
    /SGD has no option betas, expected some of lr, momentum/,
  );
  assert.throws(
    () => takers.Adam!({ momentum: 0.9 } as never),
    /Adam has no option momentum, expected some of lr, betas/,
  );
});

test("a group refuses an option that its optimizer does not have", () => {
  const group = { parameters: { x }, weight_decay: 0.1 };
  assert.throws(
    () => new SGD([group]),
    /Group 0 of SGD has no option weight_decay, expected some of parameters, lr/,
  );
});

test("a group without parameters by name is refused, such as a tensor", () => {
  for (const group of [x, null, {}, { parameters: x }, { parameters: undefined }]) {
    assert.throws(() => new SGD([group as never]), /Group 0 has no parameters by their names/);
  }
});
