import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { onlyNative } from "../../backend/testing/only-native";
import { tf } from "../../backend/tf";
import { TensorDataset } from "../../data/dataset";
import { DataLoader } from "../../data/loader";
import { convZerO } from "../../initializers/conv-zero";
import { dirac } from "../../initializers/dirac";
import { kaimingNormal } from "../../initializers/kaiming";
import type { KernelShape } from "../../initializers/weight-shape";
import { SGD } from "../../optim/sgd";
import { TorchGenerator } from "../../random/torch";
import { assertCloseToLargest } from "../../testing/assert-close-to-largest";
import { evaluate } from "../../training/evaluate";
import { crossEntropy } from "../../training/loss";
import { Trainer } from "../../training/trainer";
import reference from "./fixtures/res-net.json";
import type { ResNetOptions } from "./options";
import { ResNet } from "./res-net";
import "../../notebook/use-environment";

type Numbers = Record<string, number[]>;

const CHANNELS = 3;
const SIDE = 9;
const CLASSES = 5;
const EXAMPLES = 16;

/** The networks of the fixture by their names. */
const variants: Record<keyof typeof reference.nets, Partial<ResNetOptions>> = {
  "by default": {},
  "pre-activated": { preActivation: true },
  "of two blocks a stage, with shortcuts by padding": { blocksPerStage: 2, shortcut: "padding" },
  "pre-activated, with shortcuts by padding": { preActivation: true, shortcut: "padding" },
  "plain, without batch normalization": { batchNorm: false, shortcut: "none" },
  "pre-activated, without batch normalization": { batchNorm: false, preActivation: true },
};

const zeros = (shape: KernelShape) => tf.zeros(shape);
const small = { channels: CHANNELS, side: SIDE, classes: CLASSES, widths: [2, 3, 4], initialize: zeros };

/** A network of the fixture, with its parameters, images and labels. */
function ofFixture(name: keyof typeof reference.nets) {
  const network = new ResNet({ ...small, ...variants[name] });
  const generator = new TorchGenerator(22);
  for (const parameter of reference.nets[name].names) {
    const { shape } = network.parameters[parameter]!;
    tf.tidy(() =>
      network.parameters[parameter]!.assign(tf.tensor(generator.uniform(shape, -0.5, 0.5), shape)),
    );
  }
  const features = CHANNELS * SIDE * SIDE;
  const images = tf.tensor2d(generator.uniform([EXAMPLES, features], -1, 1), [EXAMPLES, features]);
  const labels = tf.tensor1d(
    Int32Array.from({ length: EXAMPLES }, (_, i) => i % CLASSES),
    "int32",
  );
  return { network, images, labels, dataset: new TensorDataset(images, labels) };
}

function assertAllClose(actual: Record<string, tf.Tensor>, expected: Numbers, tolerance: number): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    assertCloseToLargest(actual[name]!.dataSync(), values, name, tolerance);
  }
}

for (const [name, expected] of Object.entries(reference.nets)) {
  test(`a network ${name} has PyTorch's outputs in training and evaluation, gradients and running statistics`, () => {
    const { network, images, labels } = ofFixture(name as keyof typeof reference.nets);
    const optimizer = new SGD(network.parameters);
    let logits: tf.Tensor | undefined;
    const { loss, gradients } = optimizer.differentiate(() => {
      logits = tf.keep(network.trainingForward(images));
      return crossEntropy(logits, labels);
    });
    assertCloseToLargest(logits!.dataSync(), expected.training, "outputs in training", 2e-5);
    assertCloseToLargest(loss.dataSync(), [expected.loss], "loss", 1e-5);
    assertAllClose(gradients as Record<string, tf.Tensor>, expected.gradients, 1e-4);
    assertAllClose(network.buffers, expected.statistics, 1e-5);
    assertCloseToLargest(
      network.forward(images).dataSync(),
      expected.evaluation,
      "outputs in evaluation",
      2e-5,
    );
  });

  test(`twenty steps of a network ${name} by SGD with momentum and weight decay are PyTorch's`, () => {
    const { network, images, labels, dataset } = ofFixture(name as keyof typeof reference.nets);
    network.trainingForward(images); // as the fixture did before it trained
    const losses: number[] = [];
    const trainer = new Trainer({
      model: network,
      optimizer: new SGD(network.parameters, { lr: 0.05, momentum: 0.9, weightDecay: 5e-4 }),
      loader: new DataLoader(dataset, { batchSize: EXAMPLES }),
      loss: crossEntropy,
      epochs: 20,
      onStep: { when: () => true, do: ({ loss }) => void losses.push(loss) },
    });
    while (trainer.done < trainer.steps) trainer.advance();
    trainer.release();
    const { trained } = expected;
    assertCloseToLargest(losses, trained.losses, "losses", 1e-4);
    assertAllClose(network.parameters, trained.parameters, 1e-4);
    assertAllClose(network.buffers, trained.statistics, 1e-4);
    const { loss } = evaluate(network, new DataLoader(dataset, { batchSize: 7 }), { loss: crossEntropy });
    const whole = crossEntropy(network.forward(images), labels).dataSync()[0]!;
    assert.ok(Math.abs(loss - whole) < 1e-5 * whole, "evaluation does not depend on the batches");
  });
}

test("they are too where the threads share each batch", {
  skip: onlyNative("the other backends have one thread"),
}, () => {
  const args = ["--import", "tsx", "--test-name-pattern", "twenty steps of a network by default", __filename];
  const env = {
    ...process.env,
    WEIGHTSPACE_PARALLEL: "batches",
    WEIGHTSPACE_THREADS: "2",
    NODE_TEST_CONTEXT: "",
  };
  const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  assert.match(stdout, /^# pass 1$/m, stderr);
});

test("ResNet-8 and ResNet-20 have as many parameters as He et al.'s table says", () => {
  const count = (options: Partial<ResNetOptions>) => {
    const network = new ResNet({ initialize: zeros, ...options });
    const kernels = Object.entries(network.parameters).filter(([name]) => !/bn|downsample\.1/.test(name));
    network.dispose();
    return kernels.reduce((sum, [, { size }]) => sum + size, 0);
  };
  // 0.27 million, of which 432 are the first convolution's and 650 the head's.
  const stages = (blocks: number) =>
    [16, 32, 64].reduce((sum, width, i) => {
      const inputs = i === 0 ? 16 : width / 2;
      return sum + 9 * (inputs * width + width * width) + (blocks - 1) * 2 * 9 * width * width;
    }, 0);
  assert.equal(count({ blocksPerStage: 3, shortcut: "padding" }), 432 + stages(3) + 650);
  assert.equal(Math.round((432 + stages(3) + 650) / 1e4), 27);
  assert.equal(count({}), 432 + stages(1) + 16 * 32 + 32 * 64 + 650);
});

test("the initializer is told the role of each kernel, from the first to the head", () => {
  const asked: string[] = [];
  const network = new ResNet({
    blocksPerStage: 1,
    widths: [4, 8],
    initialize: (shape, role) => {
      asked.push(`${role} ${shape.join(" ")}`);
      return tf.zeros(shape);
    },
  });
  network.dispose();
  assert.deepEqual(asked, [
    "first 4 3 3 3",
    "block 4 4 3 3",
    "last 4 4 3 3",
    "block 8 4 3 3",
    "last 8 8 3 3",
    "shortcut 8 4 1 1",
    "head 10 8 1 1",
  ]);
});

test("with partial identities a plain network hands on the channels of its images, and its head their means", () => {
  const network = new ResNet({
    initialize: dirac,
    batchNorm: false,
    shortcut: "none",
    widths: [4, 4],
    side: 4,
    classes: 4,
  });
  const x = tf.tensor2d(new TorchGenerator(1).uniform([2, 48], 0, 1), [2, 48]);
  const means = x
    .reshape<tf.Tensor4D>([2, 3, 4, 4])
    .stridedSlice([0, 0, 0, 0], [2, 3, 4, 4], [1, 1, 2, 2])
    .mean([2, 3]);
  const expected = tf.pad(means as tf.Tensor2D, [
    [0, 0],
    [0, 1],
  ]);
  assert.ok(network.forward(x).sub(expected).abs().max().dataSync()[0]! < 1e-6);
  network.dispose();
});

test("where the last kernel of each block is zero, blocks start as their shortcuts", () => {
  const at = (blocksPerStage: number) =>
    new ResNet({
      initialize: (shape, role) => (role === "last" ? tf.zeros(shape) : convZerO(shape)),
      preActivation: true,
      blocksPerStage,
      widths: [4],
      side: 6,
      classes: 3,
    });
  const x = tf.tensor2d(new TorchGenerator(1).uniform([5, 108], -1, 1), [5, 108]);
  const [one, three] = [at(1), at(3)];
  assert.ok(three.forward(x).sub(one.forward(x)).abs().max().dataSync()[0]! < 1e-6);
  assert.ok(one.forward(x).abs().max().dataSync()[0]! > 0.1);
  tf.dispose([one, three].map(({ parameters, buffers }) => [parameters, buffers]) as tf.TensorContainer);
});

test("a network leaks no tensor, in training and evaluation, and dispose frees it", () => {
  const before = tf.memory().numTensors;
  const generator = new TorchGenerator(0);
  const x = tf.ones<tf.Rank.R2>([2, CHANNELS * SIDE * SIDE]);
  for (const options of Object.values(variants)) {
    const network = new ResNet({
      ...small,
      ...options,
      initialize: (shape) => kaimingNormal(shape, generator),
    });
    const variables = [network.parameters, network.buffers].flatMap((all) => Object.keys(all));
    assert.equal(tf.memory().numTensors, before + 1 + variables.length);
    network.forward(x).dispose();
    network.trainingForward(x).dispose();
    assert.equal(tf.memory().numTensors, before + 1 + variables.length);
    network.dispose();
  }
  x.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("options, kernels and images that do not fit are refused", () => {
  const cases: [Partial<ResNetOptions>, RegExp][] = [
    [{ depth: 8 } as never, /ResNet has no option depth, expected some of initialize, channels/],
    [{ initialize: undefined as never }, /initialize is undefined, expected a function/],
    [{ widths: [] }, /widths is \[\], expected one or more integers ≥ 1/],
    [{ blocksPerStage: 0 }, /blocksPerStage is 0, expected an integer ≥ 1/],
    [{ shortcut: "identity" as never }, /shortcut is identity, expected projection, padding, none/],
    [{ shortcut: "padding", widths: [4, 2] }, /widths is \[4, 2\], expected none to decrease/],
    [{ batchNorm: 1 as never }, /batchNorm is 1, expected true or false/],
    [{ initialize: () => tf.zeros([3, 3]) }, /returned conv1.weight \[3, 3\], expected \[2, 3, 3, 3\]/],
  ];
  for (const [options, message] of cases) assert.throws(() => new ResNet({ ...small, ...options }), message);
  assert.throws(
    () => new ResNet(small).forward(tf.ones([2, 12])),
    /expected inputs \[examples, 243\], got \[2, 12\]/,
  );
});
