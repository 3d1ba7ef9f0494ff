import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { backend } from "../../backend/backend";
import { compile } from "../../backend/compile/compile";
import { onlyNative } from "../../backend/testing/only-native";
import { tf } from "../../backend/tf";
import { ImageDataset } from "../../data/image-dataset";
import { DataLoader } from "../../data/loader";
import { loadMnist } from "../../data/mnist";
import { finiteDifferences, relativeError } from "../../linalg/finite-differences";
import { SGD } from "../../optim/sgd";
import { TorchGenerator } from "../../random/torch";
import { crossEntropy } from "../../training/loss";
import type { ConvNet } from "./conv-net";
import { FixedFeedback, ForeignFeedback, PooledFeedback, ProjectedFeedback } from "./feedback";
import reference from "./fixtures/weight-nets.json";
import { type WeightFeedbackNetName, weightFeedbackNet } from "./weight-feedback-net";
import "../../notebook/use-environment";

const skip = backend().name === "cpu" && "JavaScript takes minutes for it";
const labels = Int32Array.of(3, 8, 0);

function assertClose(actual: ArrayLike<number>, expected: number[], tolerance: number): void {
  for (const [i, value] of expected.entries()) {
    assert.ok(Math.abs(actual[i]! - value) <= tolerance, `${i}: ${actual[i]} is not ${value}`);
  }
}

const parametersOf = (net: ConvNet) => Object.values(net.parameters).reduce((sum, { size }) => sum + size, 0);

/** The first losses of a network that is trained as in the original. */
async function firstLosses(name: WeightFeedbackNetName): Promise<number[]> {
  const generator = new TorchGenerator(1);
  const net = weightFeedbackNet({ net: name, generator });
  const { train } = await loadMnist();
  const examples = new ImageDataset(train, { mean: 0.1307, deviation: 0.3081 });
  const optimizer = new SGD(net.parameters, { lr: 0.01, momentum: 0.5 });
  const losses: number[] = [];
  for (const indices of new DataLoader(examples, { batchSize: 64, shuffle: true, generator })) {
    if (losses.length === 100) break;
    const lossOf = () => crossEntropy(net.forward(examples.inputs(indices)), examples.targets(indices));
    tf.tidy(() => losses.push(optimizer.minimize(lossOf).dataSync()[0]!));
  }
  return losses;
}

const { losses } = reference;
for (const [name, courses] of [
  // From step 41 on rounding selects one of two trajectories, up to 2.6e-3 apart: the float32 reference followed one,
  // PyTorch in float64 follows the other.
  ["Net", [losses.Net, losses["Net in float64"]]],
  ["WeightNetMnist", [losses.WeightNetMnist]],
  ["WeightNetMnistP", [losses.WeightNetMnistP]],
] as const) {
  test(`a hundred losses of ${name} agree with PyTorch to 1e-3, the first forty to 1e-5`, {
    skip,
  }, async () => {
    const actual = await firstLosses(name);
    for (const course of courses) assertClose(actual, course.slice(0, 40), 1e-5);
    const distances = courses.map((course) =>
      Math.max(...course.map((loss, i) => Math.abs(actual[i]! - loss))),
    );
    assert.ok(Math.min(...distances) < 1e-3, `off by ${distances}`);
  });
}

const cifarNets: Record<string, (generator: TorchGenerator) => ConvNet> = {
  NetCifar10: (generator) => weightFeedbackNet({ net: "NetCifar10", generator }),
  WeightNetCifar10: (generator) => weightFeedbackNet({ net: "WeightNetCifar10", generator }),
  projected: (generator) =>
    weightFeedbackNet({
      net: "WeightNetCifar10P",
      generator,
      hidden: 20,
      feedback: new ProjectedFeedback(30),
    }),
  "WeightNetCifar10 with gradient": (generator) =>
    weightFeedbackNet({ net: "WeightNetCifar10", generator, feedbackGradient: true }),
  "projected with gradient": (generator) =>
    weightFeedbackNet({
      net: "WeightNetCifar10P",
      generator,
      hidden: 20,
      feedback: new ProjectedFeedback(30),
      feedbackGradient: true,
    }),
};

for (const { name, loss, logits, gradients } of reference.nets) {
  test(`logits, loss and gradients of ${name} agree with PyTorch`, { skip }, () => {
    const generator = new TorchGenerator(5);
    const net = cifarNets[name]!(generator);
    const x = tf.tensor2d(generator.rand([3, 3072]), [3, 3072]);
    const lossOf = () => crossEntropy(net.forward(x), labels);
    assertClose(net.forward(x).dataSync(), logits, 1e-5);
    const { value, grads } = tf.variableGrads(lossOf, Object.values(net.parameters));
    assertClose(value.dataSync(), [loss], 1e-5);
    for (const [parameter, { norm, first }] of Object.entries(gradients)) {
      const gradient = grads[net.parameters[parameter]!.name]!;
      assertClose(gradient.norm().dataSync(), [norm], 1e-4 * norm);
      assertClose(gradient.dataSync(), first, 1e-5 * norm);
    }
  });
}

/** A network small enough for finite differences. */
function tinyNet(feedbackGradient?: boolean): ConvNet {
  return weightFeedbackNet({
    net: "Net",
    generator: new TorchGenerator(2),
    hidden: 6,
    feedback: tinyFeedback(),
    feedbackGradient,
  });
}

const tinyFeedback = () => new PooledFeedback({ window: [3, 41], pooled: 18, size: 19 });

// The loss is float32, so a difference quotient with a step of 2e-3 has only two correct digits.
test("with feedbackGradient, gradients agree with finite differences", () => {
  const x = tf.tensor2d(new TorchGenerator(4).rand([3, 784]), [3, 784]);
  const gradientOf = (net: ConvNet) => {
    const { fc2 } = net.linearWeights;
    const { grads } = tf.variableGrads(() => crossEntropy(net.forward(x), labels));
    return matrixOf(grads[net.parameters["fc2.weight"]!.name] as tf.Tensor2D, fc2.shape);
  };
  const through = tinyNet(true);
  const variable = through.parameters["fc2.weight"]!;
  const weights = matrixOf(through.linearWeights.fc2, [10, 6]);
  const loss = () =>
    tf.tidy(() => {
      variable.assign(tf.tensor2d(weights.to1DArray(), [10, 6]));
      return crossEntropy(through.forward(x), labels).dataSync()[0]!;
    });
  const numeric = finiteDifferences(loss, weights, { h: 1e-3 });
  loss();
  assert.ok(relativeError(gradientOf(through), numeric) < 5e-2);
});

test("by default gradients equal those with the feedback's values fixed", () => {
  const x = tf.tensor2d(new TorchGenerator(4).rand([3, 784]), [3, 784]);
  const gradientsOf = (net: ConvNet) => {
    const { grads } = tf.variableGrads(() => crossEntropy(net.forward(x), labels));
    return Object.values(net.parameters).map(({ name }) => grads[name]!.dataSync());
  };
  const numbers = tinyFeedback().features(tinyNet().linearWeights).dataSync();
  const fixed = weightFeedbackNet({
    net: "Net",
    generator: new TorchGenerator(2),
    hidden: 6,
    feedback: new FixedFeedback(numbers),
  });
  assert.deepEqual(gradientsOf(tinyNet()), gradientsOf(fixed));
  assert.notDeepEqual(gradientsOf(tinyNet(true)), gradientsOf(fixed));
});

function matrixOf(tensor: tf.Tensor2D, [rows, columns]: [number, number]): Matrix {
  return Matrix.from1DArray(rows, columns, [...tensor.dataSync()]);
}

test("compiled steps of a network with weight feedback equal eager steps", {
  skip: onlyNative("the other backends compile no steps"),
}, () => {
  const train = (how: "compiled" | "plain") => {
    const generator = new TorchGenerator(5);
    const net = weightFeedbackNet({ net: "WeightNetMnist", generator });
    const optimizer = new SGD(net.parameters, { lr: 0.1, momentum: 0.5 });
    const step = (x: tf.Tensor2D, y: tf.Tensor1D) => {
      const { loss, gradients } = optimizer.differentiate(() => crossEntropy(net.forward(x), y));
      optimizer.step(gradients);
      return loss;
    };
    const run = how === "compiled" ? compile(step) : step;
    const x = tf.tensor2d(generator.rand([16, 784]), [16, 784]);
    const y = tf.tensor1d(Int32Array.from({ length: 16 }, (_, i) => i % 10));
    return Array.from({ length: 20 }, () => tf.tidy(() => run(x, y).dataSync()[0]!));
  };
  assertClose(train("compiled"), train("plain"), 1e-5);
});

test("constants and another network's weights can replace the feedback as controls", () => {
  const generator = new TorchGenerator(6);
  const x = tf.tensor2d(generator.rand([2, 784]), [2, 784]);
  const other = weightFeedbackNet({ net: "WeightNetMnist", generator: new TorchGenerator(7) });
  const logitsWith = (feedback: FixedFeedback | ForeignFeedback) =>
    weightFeedbackNet({ net: "WeightNetMnist", generator: new TorchGenerator(6), feedback })
      .forward(x)
      .dataSync();
  const foreign = () =>
    new ForeignFeedback(new PooledFeedback({ window: [25, 31], pooled: 22, size: 26 }), other.linearWeights);
  const before = logitsWith(foreign());
  assert.notDeepEqual(logitsWith(new FixedFeedback(new Float32Array(26).fill(1))), before);
  assert.deepEqual(logitsWith(foreign()), before);
  const weight = other.parameters["fc1.weight"]!;
  weight.assign(weight.add(1));
  assert.notDeepEqual(logitsWith(foreign()), before);
});

test("a given feedback replaces the setting's, and undefined keeps it", () => {
  const generator = new TorchGenerator(0);
  const before = tf.memory().numTensors;
  const net = weightFeedbackNet({ net: "WeightNetMnist", generator, feedback: new FixedFeedback([1, 2, 3]) });
  assert.deepEqual(net.linearWeights.fc1.shape, [60, 163]);
  net.dispose();
  assert.equal(tf.memory().numTensors, before);
  const own = weightFeedbackNet({ net: "WeightNetMnist", generator, feedback: undefined });
  assert.deepEqual(own.linearWeights.fc1.shape, [60, 186]);
});

test("a constructor that throws leaks no tensor", () => {
  const feedback = new ProjectedFeedback(3);
  feedback.prepare = () => {
    throw new RangeError("refused");
  };
  const before = tf.memory().numTensors;
  assert.throws(
    () => weightFeedbackNet({ net: "Net", generator: new TorchGenerator(0), feedback }),
    /refused/,
  );
  assert.equal(tf.memory().numTensors, before);
});

test("forward leaks no tensor, and dispose frees all", () => {
  const before = tf.memory().numTensors;
  const net = weightFeedbackNet({ net: "WeightNetMnistP", generator: new TorchGenerator(8) });
  const held = tf.memory().numTensors;
  const x = tf.zeros([2, 784]) as tf.Tensor2D;
  tf.dispose([net.forward(x), x]);
  assert.equal(tf.memory().numTensors, held);
  net.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("rejects invalid images, windows, settings and sizes", () => {
  const generator = new TorchGenerator(0);
  const net = weightFeedbackNet({ net: "Net", generator });
  assert.throws(
    () => net.forward(tf.zeros([2, 3072])),
    /images \[examples, 1 · 28 · 28 = 784\], got \[2, 3072\]/,
  );
  const pooled = (window: [number, number], pooled: number) => () =>
    weightFeedbackNet({
      net: "WeightNetMnist",
      generator,
      feedback: new PooledFeedback({ window, pooled, size: 26 }),
    });
  assert.throws(pooled([25, 31], 20), /fc1\.weight \[60,186\] pools to \[2, 6\] .* 22 values, expected 20/);
  assert.throws(pooled([61, 31], 22), /fc1\.weight \[60, 186\] cannot be pooled by a window \[61, 31\]/);
  assert.throws(pooled([24.5, 31], 22), /fc1\.weight \[60, 186\] cannot be pooled by a window \[24\.5, 31\]/);
  assert.throws(pooled([25, 31], 27), /pooled is 27, expected an integer from 1 to 26/);
  assert.throws(
    () => weightFeedbackNet({ net: "toString" as never, generator }),
    /weightFeedbackNet: net is toString, expected one of Net, WeightNetMnist, /,
  );
  assert.throws(
    () => weightFeedbackNet({ net: "Net", generator, hidden: 0 }),
    /hidden is 0, expected an integer ≥ 1/,
  );
});

test("the networks have as many parameters as the original's", () => {
  const generator = new TorchGenerator(0);
  assert.equal(parametersOf(weightFeedbackNet({ net: "Net", generator })), 9_950);
  assert.equal(parametersOf(weightFeedbackNet({ net: "WeightNetMnist", generator })), 13_220);
  assert.equal(parametersOf(weightFeedbackNet({ net: "WeightNetMnistP", generator })), 11_250);
  assert.equal(parametersOf(weightFeedbackNet({ net: "NetCifar10", generator })), 909_280);
  assert.equal(parametersOf(weightFeedbackNet({ net: "WeightNetCifar10", generator })), 887_080);
  // Its P would take 1.6 GB; another feedback of the same size does not change the number of parameters.
  const feedback = new FixedFeedback(new Float32Array(460));
  assert.equal(parametersOf(weightFeedbackNet({ net: "WeightNetCifar10P", generator, feedback })), 887_080);
  assert.deepEqual(
    weightFeedbackNet({ net: "WeightNetCifar10P", generator, hidden: 1 }).linearWeights.fc1.shape,
    [1, 1710],
  );
});
