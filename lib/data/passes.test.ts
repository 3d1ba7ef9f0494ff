import assert from "node:assert/strict";
import { test } from "node:test";
import { TorchGenerator } from "../random/torch";
import { DataLoader } from "./loader";
import { Passes } from "./passes";

const loaderOf = (generator: TorchGenerator, count = 10) =>
  new DataLoader({ count }, { batchSize: 4, shuffle: true, generator });
const batches = (passes: Passes, count: number) => Array.from({ length: count }, () => [...passes.next()]);

test("passes give the batches of the loader, pass after pass", () => {
  const loader = loaderOf(new TorchGenerator(1));
  const expected = [...loader, ...loader].map((batch) => [...batch]);
  const passes = new Passes(loaderOf(new TorchGenerator(1)));
  assert.equal(passes.isAtEnd, true);
  assert.deepEqual(batches(passes, 3), expected.slice(0, 3));
  assert.equal(passes.isAtEnd, true);
  assert.deepEqual(batches(passes, 3), expected.slice(3));
});

test("passes restored within a pass, with their generator, go on as the others do", () => {
  const generator = new TorchGenerator(1);
  const passes = new Passes(loaderOf(generator));
  batches(passes, 4);
  const saved = { passes: passes.state(), generator: generator.state() };
  const expected = batches(passes, 10);
  const other = new TorchGenerator(99);
  const restored = new Passes(loaderOf(other));
  restored.restore(saved.passes);
  other.restore(saved.generator);
  assert.deepEqual(batches(restored, 10), expected);
});

test("a state of other passes is refused and changes nothing", () => {
  const passes = new Passes(loaderOf(new TorchGenerator(1)));
  const of = (order: number[], given: number) => ({
    order: { shape: [order.length], values: Int32Array.from(order) },
    given: { shape: [], values: Int32Array.of(given) },
  });
  assert.throws(() => passes.restore(of([1, 2], 0)), /expected the order of 10 examples, got 2/);
  assert.throws(() => passes.restore(of([], 4)), /expected 0 to 3 batches given, got 4/);
  assert.throws(() => passes.restore({}), /expected the order of 10 examples, got none/);
  assert.equal(passes.isAtEnd, true);
});
