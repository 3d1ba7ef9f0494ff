/** Trainings of models, losses and data of a user's own, written as a user would, by names of lib only. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Adam,
  accuracy,
  crossEntropy,
  DataLoader,
  ImageDataset,
  linearDefault,
  loadMnist,
  MLP,
  type Model,
  meanSquaredError,
  SGD,
  TensorDataset,
  TorchGenerator,
  Trainer,
  tf,
  train,
} from "../index";

test("a linear regression on numbers made up on the spot finds their coefficients", async () => {
  const generator = new TorchGenerator(0);
  const x = tf.tensor2d(generator.randn([500, 3]), [500, 3]);
  const y = tf.add(tf.matMul(x, tf.tensor2d([[2], [-1], [0.5]])), 3);
  const parameters = { weight: tf.variable(tf.zeros([3, 1])), bias: tf.variable(tf.zeros([1])) };
  const model: Model = {
    parameters,
    forward: (inputs) => tf.add(tf.matMul(inputs, parameters.weight), parameters.bias),
  };
  const trainer = new Trainer({
    model,
    optimizer: new Adam(parameters, { lr: 0.1 }),
    loader: new DataLoader(new TensorDataset(x, y), { batchSize: 50, shuffle: true, generator }),
    loss: meanSquaredError,
    epochs: 30,
  });
  const { history, final } = await train(trainer);

  assert.equal(history.length, 30);
  assert.ok(final.loss! < 1e-3, `${final.loss}`);
  assert.deepEqual(
    Array.from(parameters.weight.dataSync(), (w) => Number(w.toFixed(2))),
    [2, -1, 0.5],
  );
  assert.equal(Number(parameters.bias.dataSync()[0]!.toFixed(2)), 3);
});

test("a classifier with a regularizer of its own has smaller weights, and is evaluated without it", async () => {
  const mnist = await loadMnist();
  const [digits, testDigits] = [mnist.train, mnist.test].map(
    (set) => new ImageDataset(set, { count: 2000 }),
  ) as [ImageDataset, ImageDataset];
  const trained = async (strength: number) => {
    const generator = new TorchGenerator(0);
    const model = new MLP([784, 30, 10], (shape) => linearDefault(shape, generator));
    const l1 = () => tf.sum(tf.abs(model.parameters["l1.weight"]!));
    const trainer = new Trainer({
      model,
      optimizer: new SGD(model.parameters, { lr: 0.1 }),
      loader: new DataLoader(digits, { batchSize: 50, shuffle: true, generator }),
      loss: crossEntropy,
      penalty: () => tf.mul(l1(), strength),
      metrics: { accuracy },
      evaluation: new DataLoader(testDigits, { batchSize: 500 }),
      epochs: 4,
    });
    const { final } = await train(trainer);
    return { final, l1: tf.tidy(() => l1().dataSync()[0]!) };
  };
  const [free, tied] = [await trained(0), await trained(1e-3)];
  assert.deepEqual(Object.keys(free.final), ["loss", "accuracy", "evaluationLoss", "evaluationAccuracy"]);
  assert.ok(tied.l1 < 0.8 * free.l1, `${tied.l1} of ${free.l1}`);
  for (const { final } of [free, tied])
    assert.ok(final.evaluationAccuracy! > 0.8, `${final.evaluationAccuracy}`);
  // The penalty is part of the loss in training, not in evaluation.
  assert.ok(tied.final.loss! - free.final.loss! > 0.5 * 1e-3 * tied.l1);
  assert.ok(Math.abs(tied.final.evaluationLoss! - free.final.evaluationLoss!) < 0.1);
});

test("an autoencoder of one hidden unit finds the one direction in which its inputs lie", async () => {
  const generator = new TorchGenerator(1);
  const direction = tf.tensor2d([[0.6, 0.8]]);
  const x = tf.matMul(tf.tensor2d(generator.randn([400, 1]), [400, 1]), direction);
  const weight = tf.variable(tf.tensor2d([[1], [0]]));
  const model: Model = {
    parameters: { weight },
    forward: (inputs) => tf.matMul(tf.matMul(inputs, weight), weight, false, true),
  };
  const relativeError = (outputs: tf.Tensor, targets: tf.Tensor) =>
    tf.div(tf.norm(tf.sub(outputs, targets), 2, 1), tf.norm(targets, 2, 1));
  const trainer = new Trainer({
    model,
    optimizer: new SGD({ weight }, { lr: 0.2 }),
    loader: new DataLoader(new TensorDataset(x, x), { batchSize: 40 }),
    loss: meanSquaredError,
    metrics: { relativeError },
    epochs: 20,
  });
  const { final } = await train(trainer);

  assert.ok(final.relativeError! < 1e-3, `${final.relativeError}`);
  assert.deepEqual(
    Array.from(weight.dataSync(), (w) => Number(w.toFixed(2))),
    [0.6, 0.8],
  );
});
