import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "ml-matrix";
import { tf } from "../../backend/tf";
import { linearDefault } from "../../initializers/torch-default";
import { RandomState } from "../../random/numpy";
import { TorchGenerator } from "../../random/torch";
import { matrixRank } from "../../rank/matrix-rank";
import { singularValues } from "../../rank/singular-values";
import { crossEntropy } from "../../training/loss";
import type { Layers } from "./layers";
import { LowRankMLP } from "./low-rank-mlp";
import { MaskedMLP } from "./masked-mlp";
import { MLP } from "./mlp";

const sizes = [6, 8, 8, 3];
const x = tf.tensor2d(new Float32Array(new RandomState(0).randn(5, 6)), [5, 6]);
const labels = Int32Array.of(0, 2, 1, 1, 0);

function network(options = {}): MLP {
  const generator = new TorchGenerator(0);
  return new MLP(sizes, (shape) => linearDefault(shape, generator), options);
}

const numbers = (tensor: tf.Tensor) => [...tensor.dataSync()];

function assertClose(actual: number[], expected: number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(Math.abs(actual[i]! - value) <= tolerance, `${i}: ${actual[i]} is not ${value}`);
  }
}

test("a skip connection adds a hidden layer's input to its output if both have the same width", () => {
  const { parameters } = network();
  const matrix = (name: string) => new Matrix((parameters[name] as tf.Tensor as tf.Tensor2D).arraySync());
  const layer = (input: Matrix, name: string) =>
    input.mmul(matrix(`${name}.weight`).transpose()).addRowVector(numbers(parameters[`${name}.bias`]!));
  const relu = (a: Matrix) => Matrix.max(a, new Matrix(a.rows, a.columns));
  const first = relu(layer(new Matrix(x.arraySync()), "l1"));
  const plain = relu(layer(first, "l2"));
  const skipped = Matrix.add(plain, first);
  for (const [skip, hidden] of [
    [false, plain],
    [true, skipped],
  ] as const) {
    const net = network({ skip });
    assertClose(numbers(net.hidden(x)), hidden.to1DArray(), 1e-6);
    assertClose(numbers(net.forward(x)), layer(hidden, "l3").to1DArray(), 1e-6);
  }
});

for (const skip of [false, true]) {
  test(`full-rank factors compute the same logits as the full weights${skip ? " with skip connections" : ""}`, () => {
    const whole = network({ skip });
    const factored = new LowRankMLP(whole.layers(), [6, 8], { skip });
    assertClose(numbers(factored.forward(x)), numbers(whole.forward(x)), 1e-5);
  });
}

test("truncated hidden layers are the nearest matrices of their rank", () => {
  const whole = network().layers();
  const { weights } = new LowRankMLP(whole, [3, 5]).layers();
  for (const [i, rank] of [3, 5].entries()) {
    const error = tf.norm(tf.sub(weights[i]!, whole.weights[i]!)).dataSync()[0]!;
    const dropped = singularValues(whole.weights[i]!).slice(rank);
    assert.ok(Math.abs(error - Math.hypot(...dropped)) < 1e-6, `${error}`);
    assert.equal(matrixRank(weights[i]!, { rtol: 1e-4 }), rank);
  }
  assertClose(numbers(weights[2]!), numbers(whole.weights[2]!), 0);
});

test("only the weights of largest magnitude are kept and have gradients", () => {
  const layers = network().layers();
  const kept = 50;
  const net = new MaskedMLP(layers, kept);
  const all = layers.weights.flatMap((weight) => numbers(weight).map(Math.abs));
  const limit = [...all].sort((a, b) => b - a)[kept - 1]!;
  const parameters = Object.values(net.parameters);
  const { grads } = tf.variableGrads(() => crossEntropy(net.forward(x), labels), parameters);
  let withGradient = 0;
  for (const [name, parameter] of Object.entries(net.parameters)) {
    if (!name.endsWith("weight")) continue;
    const gradient = numbers(grads[parameter.name]!);
    for (const [i, value] of numbers(parameter).entries()) {
      if (Math.abs(value) < limit) assert.ok(gradient[i] === 0);
      else if (gradient[i] !== 0) withGradient++;
    }
  }
  assert.ok(withGradient > 0 && withGradient <= kept, `${withGradient}`);
  const zeroed = layers.weights.map((weight) =>
    tf.tensor2d(
      weight.dataSync<"float32">().map((value) => (Math.abs(value) < limit ? 0 : value)),
      weight.shape,
    ),
  );
  const expected = new MaskedMLP({ weights: zeroed, biases: layers.biases }, all.length);
  assertClose(numbers(net.forward(x)), numbers(expected.forward(x)), 1e-7);
});

test("the number of kept weights is exact even if magnitudes are equal", () => {
  const layers: Layers = {
    weights: [tf.ones([4, 6]), tf.ones([2, 4])],
    biases: [tf.zeros([4]), tf.zeros([2])],
  };
  const net = new MaskedMLP(layers, 24);
  // The first layer's 24 are kept, the second's 8 are not.
  assertClose(numbers(net.forward(tf.ones([1, 6]))), [0, 0], 0);
});

test("rejects invalid ranks, numbers of kept weights and inputs", () => {
  const layers = network().layers();
  assert.throws(
    () => new LowRankMLP(layers, [7, 8]),
    /the rank of layer l1 is 7, expected an integer from 1 to 6/,
  );
  assert.throws(() => new LowRankMLP(layers, [3]), /got 1 ranks for 3 layers/);
  assert.throws(
    () => new LowRankMLP(layers, [3, 3]).forward(tf.ones([2, 5])),
    /expected inputs \[examples, 6\]/,
  );
  assert.throws(() => new MaskedMLP(layers, 0), /kept is 0, expected an integer from 1 to 136/);
});

test("dispose frees all tensors of the networks", () => {
  const layers = network().layers();
  const before = tf.memory().numTensors;
  for (const net of [new LowRankMLP(layers, [3, 3]), new MaskedMLP(layers, 9)]) {
    net.forward(x).dispose();
    net.dispose();
  }
  assert.equal(tf.memory().numTensors, before);
});
