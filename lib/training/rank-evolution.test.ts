import assert from "node:assert/strict";
import { test } from "node:test";
import { rankEvolution } from "./rank-evolution";

const halve = (_result: unknown, hidden: number[]) => hidden.map((size) => Math.max(3, Math.floor(size / 2)));

test("rankEvolution trains at the next sizes until they no longer change", async () => {
  const trained: [number[], number][] = [];
  const passed = await rankEvolution([16, 5], {
    async train(hidden, evolution) {
      trained.push([hidden, evolution]);
      return hidden.length * 10 + evolution;
    },
    next: halve,
    evolutions: 15,
  });
  assert.deepEqual(trained, [
    [[16, 5], 0],
    [[8, 3], 1],
    [[4, 3], 2],
    [[3, 3], 3],
  ]);
  assert.deepEqual(
    passed,
    trained.map(([hidden, evolution]) => ({ hidden, result: 20 + evolution })),
  );
});

test("rankEvolution ends after as many networks as asked for, and may expand", async () => {
  const passed = await rankEvolution([4], {
    train: async () => 0,
    next: (_result, hidden) => hidden.map((size) => 2 * size),
    evolutions: 3,
  });
  assert.deepEqual(
    passed.map(({ hidden }) => hidden),
    [[4], [8], [16]],
  );
});

test("rankEvolution refuses sizes that are no network's", async () => {
  const options = { train: async () => 0, next: halve, evolutions: 2 };
  await assert.rejects(rankEvolution([0], options), /expected 1 positive integers as sizes, got \[0\]/);
  await assert.rejects(
    rankEvolution([4, 4], { ...options, next: () => [4] }),
    /expected 2 positive integers as sizes, got \[4\]/,
  );
  await assert.rejects(
    rankEvolution([4], { ...options, evolutions: 0 }),
    /a positive number of evolutions, got 0/,
  );
});
