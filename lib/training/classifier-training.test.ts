import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { onlyNative } from "../backend/testing/only-native";
import { tf } from "../backend/tf";
import { ImageExamples } from "../data/examples";
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
import { evaluate } from "./classification";
import { ClassifierTraining, type Position } from "./classifier-training";
import reference from "./fixtures/mnist-losses.json";
import "../notebook/use-environment";

/** The first losses on MNIST, whole, in batches of 64. */
async function firstLosses(
  count: number,
  model: MLP,
  optimizer: SGD | Adam,
  generator: TorchGenerator,
): Promise<number[]> {
  const { train } = await loadMnist();
  const examples = new ImageExamples(train);
  const loader = new DataLoader(examples, { batchSize: 64, shuffle: true, generator });
  const losses: number[] = [];
  const training = new ClassifierTraining({
    ...{ model, optimizer, examples, loader, generator },
    epochs: 1,
    onStep: ({ loss }) => void losses.push(loss),
    looksAt: () => false,
    onEpoch: () => ({}),
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
  const model = new MLP([784, 784, 784, 784, 10], (inputs, outputs) =>
    linearDefault(inputs, outputs, generator),
  );
  const optimizer = new Adam(model.parameters, { lr: 1e-3 });
  assertClose(await firstLosses(loss.length, model, optimizer, generator), loss, 1e-5);
});

/** A training of 23 steps, 10 an epoch, that notes each loss and, at the steps it looks at, the sum of a weight. */
async function looking(looksAt: (position: Position) => boolean) {
  const { train } = await loadMnist();
  const examples = new ImageExamples(train, { count: 640 });
  const generator = new TorchGenerator(1);
  const model = new MLP([784, 50, 10], (inputs, outputs) => linearDefault(inputs, outputs, generator));
  const losses: number[] = [];
  const seen: Record<number, number> = {};
  const training = new ClassifierTraining({
    ...{ model, examples, generator, looksAt },
    optimizer: new SGD(model.parameters, { lr: 0.1 }),
    loader: new DataLoader(examples, { batchSize: 64, shuffle: true, generator }),
    epochs: 3,
    steps: 23,
    onStep({ step, epoch, batch, loss }) {
      assert.equal(step, (epoch - 1) * 10 + batch);
      losses.push(loss);
      if (looksAt({ step, epoch, batch })) {
        seen[step] = tf.tidy(() => model.parameters["l1.weight"]!.abs().sum().dataSync()[0]!);
      }
      return { loss };
    },
    onEnd: (_test, history) => ({ rows: history.length }),
  });
  const rows = [];
  let turns = 0;
  for (; training.done < training.steps; turns++) rows.push(...training.advance());
  const result = training.result(rows, 0);
  training.dispose();
  return { losses, seen, turns, result };
}

test("many steps are done at once between those that are looked at, and come to the same", async () => {
  const [each, some] = [await looking(() => true), await looking(({ step }) => step % 7 === 0)];
  assertClose(some.losses, each.losses, 1e-5);
  assert.deepEqual(Object.keys(some.seen), ["7", "14", "21"]);
  for (const [step, sum] of Object.entries(some.seen)) assertClose([sum], [each.seen[Number(step)]!], 1e-2);
  assert.equal(each.turns, 23);
  assert.ok(some.turns < 23, `${some.turns} turns`);
});

test("training ends at a step within an epoch, and sums up its history", async () => {
  const { losses, result } = await looking(() => false);
  assert.deepEqual([losses.length, result], [23, { rows: 23 }]);
});

test("a training restored within an epoch keeps the results of the epoch before it", async () => {
  const { train } = await loadMnist();
  const examples = new ImageExamples(train, { count: 640 });
  const start = () => {
    const generator = new TorchGenerator(1);
    const model = new MLP([784, 10], (inputs, outputs) => linearDefault(inputs, outputs, generator));
    return new ClassifierTraining({
      ...{ model, examples, generator, epochs: 2, steps: 15 },
      optimizer: new SGD(model.parameters, { lr: 0.1 }),
      loader: new DataLoader(examples, { batchSize: 64, shuffle: true, generator }),
      onStep: () => undefined,
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

test("a loss that is not finite ends the training with its step; the network is that before it", async () => {
  const { train } = await loadMnist();
  const examples = new ImageExamples(train, { count: 640 });
  const generator = new TorchGenerator(1);
  const model = new MLP([784, 50, 10], (inputs, outputs) => linearDefault(inputs, outputs, generator));
  const loader = new DataLoader(examples, { batchSize: 64, shuffle: true, generator });
  const optimizer = new SGD(model.parameters, { lr: 1e30 });
  const losses: number[] = [];
  const training = new ClassifierTraining({
    ...{ model, optimizer, examples, loader, generator },
    epochs: 5,
    onStep: ({ loss }) => void losses.push(loss),
    onEpoch: () => ({}),
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
  const examples = new ImageExamples(digits);
  const loader = new DataLoader(examples, { batchSize: 999, generator: new TorchGenerator(1) });
  const model = new MLP([784, 10], () => ({
    weight: tf.zeros([10, 784]),
    bias: tf.tensor1d([0, 0, 0, 0, 0, 0, 0, 1, 0, 0]),
  }));
  const { loss, correct, count } = evaluate(model, examples, loader);
  // Of the 10,000 test digits, 1028 are sevens.
  assert.deepEqual([correct, count], [1028, 10000]);
  const logSum = Math.log(9 + Math.E);
  assert.ok(Math.abs(loss - (logSum - 0.1028)) < 1e-6);
});

test("an epoch of two loaders is a pass of each, and the scheduler is told the loss of its last batch", async () => {
  const { train } = await loadMnist();
  const examples = new ImageExamples(train, { count: 200 });
  const generator = new TorchGenerator(1);
  const loader = [64, 128].map(
    (batchSize) => new DataLoader(examples, { batchSize, shuffle: true, generator }),
  );
  const model = new MLP([784, 10], constantBias(zerO, 0));
  const losses: number[] = [];
  const counts: number[] = [];
  const told: number[] = [];
  const training = new ClassifierTraining({
    ...{ model, examples, loader, generator, epochs: 2 },
    optimizer: new SGD(model.parameters, { lr: 0.1 }),
    scheduler: { step: (loss) => void told.push(loss), state: () => ({}), restore() {} },
    onStep({ loss, soFar, batch }) {
      losses.push(loss);
      counts.push(soFar.count);
      assert.equal(batch, ((losses.length - 1) % 6) + 1);
      return undefined;
    },
  });
  assert.equal(training.steps, 12);
  while (training.done < training.steps) training.advance();
  training.dispose();
  assert.deepEqual(counts.slice(0, 6), [64, 128, 192, 200, 328, 400]);
  assert.deepEqual(told, [losses[5], losses[11]]);
});
