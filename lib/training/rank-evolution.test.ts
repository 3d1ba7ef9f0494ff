import assert from "node:assert/strict";
import { test } from "node:test";
import { tf } from "../backend/tf";
import { TensorDataset } from "../data/dataset";
import { DataLoader } from "../data/loader";
import { linearDefault } from "../initializers/torch-default";
import { LowRankMLP } from "../models/mlp/low-rank-mlp";
import { MLP } from "../models/mlp/mlp";
import { Adam } from "../optim/adam";
import { RandomState } from "../random/numpy";
import { TorchGenerator } from "../random/torch";
import { singularValues } from "../rank/singular-values";
import { crossEntropy } from "./loss";
import { RankEvolution, type RankEvolutionOptions } from "./rank-evolution";
import { Trainer } from "./trainer";
import type { Row, Training } from "./training";

/** A training of three steps, whose second says that it is over where it may. */
function countdown(sizes: number[], isShort = false): { model: number[]; training: Training } {
  const training = {
    steps: 3,
    done: 0,
    advance: () => [{ step: ++training.done }],
    isOver: (history: Row[]) => isShort && history.length === 2,
    result: (history: Row[], seconds: number) => ({ rows: history.length, size: sizes[0]!, seconds }),
    state: () => ({}),
    restore: () => {},
    dispose: () => {},
  };
  return { model: sizes, training };
}

/** As `run` does it. */
function trained(training: Training<Record<string, number>>, history: Row[] = []): Row[] {
  while (training.done < training.steps) {
    history.push(...training.advance(history));
    if (training.isOver?.(history)) break;
  }
  return history;
}

test("a network whose last step leaves nothing in the history makes room for the next", () => {
  const sizes: number[] = [];
  const evolution = new RankEvolution({
    sizes: [4],
    evolutions: 2,
    start(next) {
      sizes.push(...next);
      const one = countdown(next);
      const { advance } = one.training;
      one.training.advance = (history) => advance(history).filter(({ step }) => step < 3);
      return one;
    },
    next: (_history, [size]) => [size! - 1],
  });
  assert.equal(trained(evolution).length, 4);
  assert.deepEqual(sizes, [4, 3]);
});

const halve = (_history: Row[], sizes: number[]) => sizes.map((size) => Math.max(3, Math.floor(size / 2)));

test("networks are trained at the next sizes until these no longer change, each given the one before", () => {
  const started: unknown[] = [];
  const evolution = new RankEvolution({
    sizes: [16, 5],
    evolutions: 15,
    start(sizes, number, previous: number[] | undefined) {
      started.push([sizes, number, previous]);
      return countdown(sizes);
    },
    next: halve,
  });
  const history = trained(evolution);
  assert.deepEqual(started, [
    [[16, 5], 0, undefined],
    [[8, 3], 1, [16, 5]],
    [[4, 3], 2, [8, 3]],
    [[3, 3], 3, [4, 3]],
  ]);
  assert.deepEqual(
    history.map(({ step, evolution }) => [step, evolution]),
    Array.from({ length: 12 }, (_, i) => [i + 1, Math.floor(i / 3) + 1]),
  );
  assert.deepEqual(evolution.result(history, 7), { rows: 3, size: 3, seconds: 7, evolutions: 4 });
});

test("it ends after as many networks as asked for, may expand, and a network may be over before its last step", () => {
  const sizes: number[] = [];
  const evolution = new RankEvolution({
    sizes: [4],
    evolutions: 3,
    start(next) {
      sizes.push(...next);
      return countdown(next, true);
    },
    next: (_history, [size]) => [2 * size!],
  });
  assert.equal(trained(evolution).length, 6);
  assert.deepEqual(sizes, [4, 8, 16]);
  assert.equal(evolution.done, 6);
  assert.equal(evolution.steps, 9);
});

const examples = new TensorDataset(
  tf.tensor2d(new Float32Array(new RandomState(0).randn(40, 6)), [40, 6]),
  tf.tensor1d(Int32Array.from({ length: 40 }, (_, i) => i % 3)),
);

/** Two ranks are dropped each time, and what has been learnt is kept. */
const keepLearnt: RankEvolutionOptions<MLP | LowRankMLP, Record<string, number>> = {
  sizes: [6, 8],
  evolutions: 3,
  start(ranks, evolution, previous) {
    const generator = new TorchGenerator(evolution);
    const whole = () => new MLP([6, 8, 8, 3], (shape) => linearDefault(shape, generator));
    const model = evolution === 0 ? whole() : new LowRankMLP((previous ?? whole()).layers(), ranks);
    const training = new Trainer({
      model,
      optimizer: new Adam(model.parameters, { lr: 0.01 }),
      loader: new DataLoader(examples, { batchSize: 8, shuffle: true, generator }),
      loss: crossEntropy,
      epochs: 2,
      onStep: {
        when: () => true,
        do: ({ loss }) => ({
          loss,
          rank: singularValues(model.layers().weights[1]!).filter((value) => value > 1e-4).length,
        }),
      },
    });
    return { model, training };
  },
  next: (_history, sizes) => sizes.map((size) => size - 2),
};

test("a network that carries on with what has been learnt goes on from the loss it had, at the lower rank", () => {
  const history = trained(new RankEvolution(keepLearnt));
  assert.equal(history.length, 30);
  assert.deepEqual(
    [0, 9, 10, 19, 20, 29].map((i) => history[i]!["rank"]),
    [8, 8, 6, 6, 4, 4],
  );
  const mean = (from: number) =>
    history.slice(from, from + 5).reduce((sum, row) => sum + row["loss"]!, 0) / 5;
  assert.ok(mean(10) < mean(0) && mean(10) < mean(5), `${mean(0)}, ${mean(5)}, ${mean(10)}`);
});

test("restored within the second network, it goes on as an undisturbed one does", () => {
  const undisturbed = trained(new RankEvolution(keepLearnt));
  const cut = new RankEvolution(keepLearnt);
  const history: Row[] = [];
  while (cut.done < 14) history.push(...cut.advance(history));
  const restored = new RankEvolution(keepLearnt);
  restored.restore(cut.state());
  assert.equal(restored.done, 14);
  trained(restored, history);
  for (const [i, { step, evolution, loss, rank }] of undisturbed.entries()) {
    const row = history[i]!;
    assert.deepEqual([row.step, row["evolution"], row["rank"]], [step, evolution, rank]);
    assert.ok(Math.abs(row["loss"]! - loss!) < 1e-5, `step ${step}: ${row["loss"]} is not ${loss}`);
  }
  assert.ok(history[14]!["seconds"]! > history[13]!["seconds"]!);
});

test("sizes that are no network's and no evolutions are refused", () => {
  const options = { sizes: [4, 4], evolutions: 2, start: countdown as never, next: () => [4] };
  assert.throws(
    () => new RankEvolution({ ...options, sizes: [0] }),
    /expected 1 positive integers as sizes, got \[0\]/,
  );
  assert.throws(() => new RankEvolution({ ...options, evolutions: 0 }), /number of evolutions, got 0/);
  const evolution = new RankEvolution({
    ...options,
    start: (sizes: number[]) => countdown(sizes),
  });
  assert.throws(() => trained(evolution), /expected 2 positive integers as sizes, got \[4\]/);
});
