/** Trainings of models that compute otherwise in training, on images that are altered at random. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../backend/tf";
import { randomCropAndFlip } from "../data/crop-and-flip";
import { TensorDataset } from "../data/dataset";
import { ImageDataset } from "../data/image-dataset";
import { DataLoader } from "../data/loader";
import { kaimingNormal } from "../initializers/kaiming";
import { ResNet } from "../models/resnet/res-net";
import { SGD } from "../optim/sgd";
import { TorchGenerator } from "../random/torch";
import { crossEntropy } from "./loss";
import { meanSquaredError } from "./metrics";
import { Trainer } from "./trainer";

const COUNT = 42;
const BATCH = 6;
/** A step within the second epoch. */
const WITHIN = 9;
const SIZES = { channels: 1, height: 8, width: 8 };

/** Images of random bytes. */
function someImages() {
  const bytes = new TorchGenerator(1).randint(0, 256, [COUNT * 64]);
  return {
    count: COUNT,
    images: Uint8Array.from(bytes),
    labels: Uint8Array.from(bytes.slice(0, COUNT), (b) => b % 3),
  };
}

/** A training of a small residual network on altered images, evaluated on the images as they are. */
function start(seed = 0) {
  const generator = new TorchGenerator(seed);
  const augmentation = randomCropAndFlip({ ...SIZES, padding: 2 });
  const [altered, plain] = [{ augmentation }, {}].map((options) => new ImageDataset(someImages(), options));
  const model = new ResNet({
    initialize: (shape) => kaimingNormal(shape, generator),
    ...{ channels: 1, side: 8, classes: 3, widths: [4, 6] },
  });
  const trainer = new Trainer({
    model,
    optimizer: new SGD(model.parameters, { lr: 0.05, momentum: 0.9, weightDecay: 1e-3 }),
    loader: new DataLoader(altered!, { batchSize: BATCH, shuffle: true, generator }),
    loss: crossEntropy,
    evaluation: new DataLoader(plain!, { batchSize: COUNT }),
    epochs: 2,
    onStep: {
      when: ({ step }) => step === WITHIN || step === (2 * COUNT) / BATCH,
      do: (_progress, evaluate) => ({ evaluated: evaluate().loss }),
    },
  });
  const dispose = () => {
    trainer.dispose();
    altered!.dispose();
    plain!.dispose();
  };
  return { trainer, dispose };
}

test("restored within an epoch, a training with batch normalization on altered images goes on to the last bit", () => {
  const before = tf.memory().numTensors;
  const [whole, cut, resumed] = [start(), start(), start(9)];
  const last = whole.trainer.steps;
  while (whole.trainer.done < last) whole.trainer.advance();
  while (cut.trainer.done < WITHIN) cut.trainer.advance();
  assert.equal(cut.trainer.done, WITHIN);
  const state = cut.trainer.state();
  assert.ok(state["model.layer2.0.bn1.running_var"], "running statistics are saved");
  resumed.trainer.restore(state);
  while (resumed.trainer.done < last) resumed.trainer.advance();
  const [expected, got] = [whole.trainer.state(), resumed.trainer.state()];
  assert.deepEqual(Object.keys(got), Object.keys(expected));
  for (const [name, { values }] of Object.entries(expected))
    assert.deepEqual(got[name]!.values, values, name);
  for (const { dispose } of [whole, cut, resumed]) dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("the training forward pass trains and may assign buffers, the other evaluates; a loss not finite undoes both", () => {
  const weight = tf.variable(tf.scalar(2));
  const seen = tf.variable(tf.scalar(0), false);
  const model = {
    parameters: { weight },
    buffers: { seen },
    forward: (x: tf.Tensor) => tf.add(tf.mul(x, weight), seen),
    trainingForward: (x: tf.Tensor) => {
      seen.assign(tf.add(seen, tf.sum(x)));
      return tf.mul(x, weight);
    },
  };
  const [x, y] = [tf.tensor2d([[1], [2], [3], [1e30]]), tf.tensor2d([[2], [4], [6], [0]])];
  const dataset = new TensorDataset(x, y);
  const trainer = new Trainer({
    model,
    optimizer: new SGD({ weight }, { lr: 0 }),
    loader: new DataLoader(dataset, { batchSize: 1 }),
    evaluation: new DataLoader(new TensorDataset(x.slice(0, 2), y.slice(0, 2)), { batchSize: 2 }),
    loss: meanSquaredError,
    epochs: 1,
    onStep: {
      when: ({ step }) => step === 2,
      do: ({ soFar }, evaluate) => ({ trained: soFar.loss, evaluated: evaluate().loss }),
    },
  });
  const rows = [];
  // In training the loss is 0; in evaluation it is that of the sum 1 + 2 that was seen.
  while (trainer.done < 2) rows.push(...trainer.advance());
  assert.deepEqual(rows, [{ step: 2, trained: 0, evaluated: 9 }]);
  assert.throws(() => {
    while (trainer.done < 4) trainer.advance();
  }, /The loss of step 4, in epoch 1, is Infinity/);
  assert.equal(seen.dataSync()[0], 6);
  trainer.dispose();
});
