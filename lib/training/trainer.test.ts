import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { onlyNative } from "../backend/testing/only-native";
import { tf } from "../backend/tf";
import { TensorDataset } from "../data/dataset";
import { ImageDataset } from "../data/image-dataset";
import { DataLoader } from "../data/loader";
import { loadMnist } from "../data/mnist";
import { constantBias } from "../initializers/constant-bias";
import { partialIdentity } from "../initializers/partial-identity";
import { linearDefault } from "../initializers/torch-default";
import { zerO } from "../initializers/zero";
import { MLP } from "../models/mlp/mlp";
import { Adam } from "../optim/adam";
import { SGD } from "../optim/sgd";
import { TorchGenerator } from "../random/torch";
import { evaluate } from "./evaluate";
import reference from "./fixtures/mnist-losses.json";
import "../notebook/use-environment";
import { crossEntropy } from "./loss";
import { accuracy } from "./metrics";
import { train } from "./train";
import { Trainer } from "./trainer";
import type { Position, TrainerOptions } from "./trainer-options";
import type { Row } from "./training";

/** The first losses on MNIST, whole, in batches of 64. */
async function firstLosses(
  count: number,
  model: MLP,
  optimizer: SGD | Adam,
  generator: TorchGenerator,
): Promise<number[]> {
  const { train } = await loadMnist();
  const examples = new ImageDataset(train);
  const loader = new DataLoader(examples, { batchSize: 64, shuffle: true, generator });
  const losses: number[] = [];
  const training = new Trainer({
    model,
    optimizer,
    loader,
    loss: crossEntropy,
    epochs: 1,
    onStep: { when: () => true, do: ({ loss }) => void losses.push(loss) },
  });
  while (training.done < count) training.advance();
  training.dispose();
  return losses.slice(0, count);
}

function assertClose(actual: number[], expected: number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    const difference = Math.abs(actual[i]! - value);
    assert.ok(difference <= tolerance, `step ${i + 1}: ${actual[i]} is not ${value}`);
  }
}

test("a hundred losses from partial identity by SGD are PyTorch's to 1e-5", async () => {
  const { loss } = reference.zero_partial_identity_256;
  const model = new MLP([784, 784, 256, 256, 10], constantBias(partialIdentity, 0.01));
  const optimizer = new SGD(model.parameters, { lr: 0.1 });
  assertClose(await firstLosses(loss.length, model, optimizer, new TorchGenerator(1)), loss, 1e-5);
});

test("they are too where the threads share each batch", {
  skip: onlyNative("the other backends have one thread"),
}, () => {
  const args = ["--import", "tsx", "--test-name-pattern", "from partial identity", __filename];
  const env = {
    ...process.env,
    WEIGHTSPACE_PARALLEL: "batches",
    WEIGHTSPACE_THREADS: "3",
    NODE_TEST_CONTEXT: "",
  };
  const { stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
  assert.match(stdout, /^# pass 1$/m, stderr);
});

// Its Hadamard rows add hundreds of numbers of one sign, which libraries round differently: 3e-6 at the first step.
test("fifty losses from ZerO by SGD are PyTorch's to 1e-3", async () => {
  const { loss } = reference.zero_ZerO_1024;
  const model = new MLP([784, 784, 1024, 1024, 10], constantBias(zerO, 0.01));
  const optimizer = new SGD(model.parameters, { lr: 0.1 });
  assertClose(await firstLosses(loss.length, model, optimizer, new TorchGenerator(1)), loss, 1e-3);
});

// Adam divides by the size of gradients: PyTorch in float64 leaves its own float32 by 2e-4 at the tenth step.
test("the first losses from PyTorch's own initialization by Adam are PyTorch's to 1e-5", async () => {
  const { loss } = reference.rank_mlp_784x3;
  const generator = new TorchGenerator(0);
  const model = new MLP([784, 784, 784, 784, 10], (shape) => linearDefault(shape, generator));
  const optimizer = new Adam(model.parameters, { lr: 1e-3 });
  assertClose(await firstLosses(loss.length, model, optimizer, generator), loss, 1e-5);
});

/** A training of 23 steps, 10 an epoch, that notes the loss and the sum of a weight after some of them. */
async function noting(when: (position: Position) => boolean) {
  const { train } = await loadMnist();
  const examples = new ImageDataset(train, { count: 640 });
  const generator = new TorchGenerator(1);
  const model = new MLP([784, 50, 10], (shape) => linearDefault(shape, generator));
  const training = new Trainer({
    model,
    optimizer: new SGD(model.parameters, { lr: 0.1 }),
    loader: new DataLoader(examples, { batchSize: 64, shuffle: true, generator }),
    loss: crossEntropy,
    epochs: 3,
    steps: 23,
    onStep: {
      when,
      do({ step, epoch, batch, loss, soFar }) {
        assert.equal(step, (epoch - 1) * 10 + batch);
        assert.equal(soFar.count, 64 * batch);
        const weights = tf.tidy(() => model.parameters["l1.weight"]!.abs().sum().dataSync()[0]!);
        return { loss, meanLoss: soFar.loss, weights };
      },
    },
    onEnd: (_evaluate, history) => ({ rows: history.length }),
  });
  const rows: Row[] = [];
  let turns = 0;
  for (; training.done < training.steps; turns++) rows.push(...training.advance());
  const result = training.result(rows, 0);
  training.dispose();
  return { rows, turns, result };
}

test("many steps are done at once between those after which something is noted, and come to the same", async () => {
  const [each, some] = [await noting(() => true), await noting(({ step }) => step % 7 === 0)];
  assert.deepEqual(
    some.rows.map(({ step }) => step),
    [7, 14, 21],
  );
  for (const row of some.rows) {
    const same = each.rows[row.step - 1]!;
    assertClose([row["loss"]!, row["meanLoss"]!], [same["loss"]!, same["meanLoss"]!], 1e-5);
    assertClose([row["weights"]!], [same["weights"]!], 1e-2);
  }
  assert.equal(each.turns, 23);
  assert.ok(some.turns < 23, `${some.turns} turns`);
});

test("training ends at a step within an epoch, and sums up its history", async () => {
  const { rows, result } = await noting(() => true);
  assert.deepEqual([rows.length, rows.at(-1)!.step, result], [23, 23, { rows: 23 }]);
});

test("a training restored within an epoch keeps the results of the epoch before it", async () => {
  const { train } = await loadMnist();
  const examples = new ImageDataset(train, { count: 640 });
  const start = () => {
    const generator = new TorchGenerator(1);
    const model = new MLP([784, 10], (shape) => linearDefault(shape, generator));
    return new Trainer({
      model,
      optimizer: new SGD(model.parameters, { lr: 0.1 }),
      loader: new DataLoader(examples, { batchSize: 64, shuffle: true, generator }),
      loss: crossEntropy,
      epochs: 2,
      steps: 15,
      onStep: { when: () => false, do: () => undefined },
      onEpoch: (epoch) => ({ epoch, third: epoch / 3 }),
    });
  };
  const [whole, cut, resumed] = [start(), start(), start()];
  while (whole.done < 15) whole.advance();
  while (cut.done < 13) cut.advance();
  resumed.restore(cut.state());
  while (resumed.done < 15) resumed.advance();
  assert.deepEqual(whole.result([], 0), { epoch: 1, third: 1 / 3 });
  assert.deepEqual(resumed.result([], 0), whole.result([], 0));
  for (const training of [whole, cut, resumed]) training.dispose();
});

test("a loss that is not finite ends the training with its step; the model is that before it", async () => {
  const { train } = await loadMnist();
  const examples = new ImageDataset(train, { count: 640 });
  const generator = new TorchGenerator(1);
  const model = new MLP([784, 50, 10], (shape) => linearDefault(shape, generator));
  const loader = new DataLoader(examples, { batchSize: 64, shuffle: true, generator });
  const optimizer = new SGD(model.parameters, { lr: 1e30 });
  const losses: number[] = [];
  const training = new Trainer({
    ...{ model, optimizer, loader, epochs: 5, loss: crossEntropy },
    onStep: { when: () => true, do: ({ loss }) => void losses.push(loss) },
  });
  const before = Object.values(model.parameters).map((parameter) => parameter.dataSync());
  assert.throws(
    () => {
      while (training.done < training.steps) training.advance();
    },
    new RegExp(
      `^Error: The loss of step ${2}, in epoch 1, is (NaN|Infinity|-Infinity), expected a finite number`,
    ),
  );
  assert.equal(losses.length, 1);
  const after = Object.values(model.parameters).map((parameter) => parameter.dataSync());
  assert.ok(after.every((values) => values.every(Number.isFinite)));
  assert.notDeepEqual(after, before);
  assert.equal(optimizer.state()["step.l1.weight"]!.values[0], 1);
  training.dispose();
});

test("evaluate goes over the whole test set: a net whose logits are its biases finds the digits of one class", async () => {
  const { test: digits } = await loadMnist();
  const examples = new ImageDataset(digits);
  const loader = new DataLoader(examples, { batchSize: 999 });
  const model = new MLP([784, 10], () => ({
    weight: tf.zeros([10, 784]),
    bias: tf.tensor1d([0, 0, 0, 0, 0, 0, 0, 1, 0, 0]),
  }));
  const scores = evaluate(model, loader, { loss: crossEntropy, metrics: { accuracy } });
  // Of the 10,000 test digits, 1028 are sevens.
  assert.ok(Math.abs(scores.accuracy - 0.1028) < 1e-12);
  assert.equal(scores.count, 10000);
  const logSum = Math.log(9 + Math.E);
  assert.ok(Math.abs(scores.loss - (logSum - 0.1028)) < 1e-6);
});

test("an epoch of two loaders is a pass of each, and the scheduler is told the loss of its last batch", async () => {
  const { train } = await loadMnist();
  const examples = new ImageDataset(train, { count: 200 });
  const generator = new TorchGenerator(1);
  const loader = [64, 128].map(
    (batchSize) => new DataLoader(examples, { batchSize, shuffle: true, generator }),
  );
  const model = new MLP([784, 10], constantBias(zerO, 0));
  const losses: number[] = [];
  const counts: number[] = [];
  const told: number[] = [];
  const training = new Trainer({
    ...{ model, loader, epochs: 2, loss: crossEntropy },
    optimizer: new SGD(model.parameters, { lr: 0.1 }),
    scheduler: { step: (loss) => void told.push(loss), state: () => ({}), restore() {} },
    onStep: {
      when: () => true,
      do({ loss, soFar, batch }) {
        losses.push(loss);
        counts.push(soFar.count);
        assert.equal(batch, ((losses.length - 1) % 6) + 1);
      },
    },
  });
  assert.equal(training.steps, 12);
  while (training.done < training.steps) training.advance();
  training.dispose();
  assert.deepEqual(counts.slice(0, 6), [64, 128, 192, 200, 328, 400]);
  assert.deepEqual(told, [losses[5], losses[11]]);
});

/** A trainer of a linear layer on ten random examples, with some of its options replaced. */
function small(changes: Partial<TrainerOptions<"metric">>) {
  const dataset = new TensorDataset(tf.randomNormal([10, 3]), tf.zeros([10], "int32"));
  const weight = tf.variable(tf.zeros<tf.Rank.R2>([3, 2]));
  return new Trainer<"metric">({
    model: { parameters: { weight }, forward: (x) => tf.matMul(x, weight) },
    optimizer: new SGD({ weight }),
    loader: new DataLoader(dataset, { batchSize: 5 }),
    loss: crossEntropy,
    epochs: 1,
    ...changes,
  });
}

/** A data set without anything to learn. */
const zeros = (count: number, targets: tf.Tensor) => new TensorDataset(tf.zeros([count, 3]), targets);

test("options that cannot be trained by are refused with what was expected", () => {
  const ten = () => zeros(10, tf.zeros([10], "int32"));
  const cases: [Partial<TrainerOptions<"metric">>, RegExp][] = [
    [{ epochs: 0 }, /epochs is 0, expected an integer of 1 or more/],
    [{ epochs: 1.5 }, /epochs is 1.5, expected an integer of 1 or more/],
    [{ steps: 3 }, /steps is 3, expected an integer from 1 to 2/],
    [
      { loader: new DataLoader(ten(), { batchSize: 20, dropLast: true }) },
      /the loader has no batches of 10 examples, expected 1 or more/,
    ],
    [{ loader: [] }, /expected .*loaders/],
    [
      { loader: [ten(), ten()].map((one) => new DataLoader(one, { batchSize: 5 })) },
      /the loaders have several data sets, expected one/,
    ],
    [{ metrics: { loss: accuracy } as never }, /A metric is named "loss", expected another name/],
    [{ metrics: { metric: "accuracy" as never } }, /metrics.metric is accuracy, expected a function/],
  ];
  for (const [changes, message] of cases) assert.throws(() => small(changes), message);
});

test("losses, metrics and targets of a wrong shape are refused at the first step, and nothing has changed then", () => {
  const loaderOf = (targets: tf.Tensor) => new DataLoader(zeros(4, targets), { batchSize: 2 });
  const cases: [Partial<TrainerOptions<"metric">>, RegExp][] = [
    [
      { loss: (outputs) => tf.square(outputs) as tf.Tensor as tf.Scalar },
      /The loss is \[5,2\], expected a scalar/,
    ],
    [
      { metrics: { metric: (outputs) => outputs } },
      /The metric "metric" is \[5,2\], expected \[5\] or a scalar/,
    ],
    [{ penalty: () => tf.ones([2]) as tf.Tensor as tf.Scalar }, /The loss is \[2\], expected a scalar/],
    [
      { loader: loaderOf(tf.tensor1d([0, 1, 2, 1], "int32")) },
      /Label 2 is 2, expected an integer from 0 to 1/,
    ],
    [{ loader: loaderOf(tf.zeros([4, 2])) }, /Labels are \[4,2\], expected \[4\]/],
    [{ loader: loaderOf(tf.zeros([4])) }, /Labels are float32, expected int32/],
  ];
  for (const [changes, message] of cases) {
    const trainer = small(changes);
    const before = trainer.state();
    assert.throws(() => trainer.advance(), message);
    assert.deepEqual(trainer.state()["model.weight"], before["model.weight"]);
    assert.deepEqual(trainer.state()["optimizer.step.weight"], before["optimizer.step.weight"]);
    trainer.dispose();
  }
});

test("without an onStep the history has a row an epoch, of the means over its examples", async () => {
  const trainer = small({ metrics: { metric: (_outputs, targets) => tf.mean(tf.cast(targets, "float32")) } });
  const { history, final } = await train(trainer);
  assert.equal(history.length, 1);
  assert.deepEqual(Object.keys(history[0]!).sort(), ["epoch", "loss", "metric", "step"]);
  assert.deepEqual(final, { loss: history[0]!["loss"], metric: 0 });
  // Both steps begin near zero weights, where the cross entropy of two classes is ln 2.
  assert.ok(Math.abs(final["loss"]! - Math.LN2) < 0.01);
  trainer.dispose();
});

test("a trained model is there after train; dispose then frees it, also where it has no method for that", async () => {
  const dataset = zeros(4, tf.zeros([4], "int32"));
  const loader = new DataLoader(dataset, { batchSize: 2 });
  const before = tf.memory().numTensors;
  const weight = tf.variable(tf.zeros<tf.Rank.R2>([3, 2]));
  const model = { parameters: { weight }, forward: (x: tf.Tensor) => tf.matMul(x, weight) };
  const trainer = small({ model, optimizer: new SGD({ weight }), loader });
  await train(trainer);
  const made = tf.memory().numTensors;
  assert.equal(
    tf.tidy(() => model.forward(tf.zeros([1, 3])).shape[1]),
    2,
  );
  trainer.dispose();
  assert.ok(weight.isDisposed);
  assert.ok(tf.memory().numTensors < made && made > before);
});
