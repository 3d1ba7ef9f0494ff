import assert from "node:assert/strict";
import { test } from "node:test";
import { TorchGenerator } from "../random/torch";
import { EpochIterator } from "./epoch-iterator";
import { DataLoader } from "./loader";

const loaderOf = (generator: TorchGenerator, count = 10) =>
  new DataLoader({ count }, { batchSize: 4, shuffle: true, generator });
const batches = (passes: EpochIterator, count: number) =>
  Array.from({ length: count }, () => [...passes.next()]);

test("passes give the batches of the loader, pass after pass", () => {
  const loader = loaderOf(new TorchGenerator(1));
  const expected = [...loader, ...loader].map((batch) => [...batch]);
  const passes = new EpochIterator(loaderOf(new TorchGenerator(1)));
  assert.equal(passes.isAtEnd, true);
  assert.deepEqual(batches(passes, 3), expected.slice(0, 3));
  assert.equal(passes.isAtEnd, true);
  assert.deepEqual(batches(passes, 3), expected.slice(3));
});

test("passes restored within a pass, with their generator, go on as the others do", () => {
  const generator = new TorchGenerator(1);
  const passes = new EpochIterator(loaderOf(generator));
  batches(passes, 4);
  const saved = { passes: passes.state(), generator: generator.state() };
  const expected = batches(passes, 10);
  const other = new TorchGenerator(99);
  const restored = new EpochIterator(loaderOf(other));
  restored.restore(saved.passes);
  other.restore(saved.generator);
  assert.deepEqual(batches(restored, 10), expected);
});

test("a pass of several loaders is one of each in turn, each in an order of its own, also when restored", () => {
  const sizes = [4, 7];
  const loadersOf = (generator: TorchGenerator) =>
    sizes.map((batchSize) => new DataLoader({ count: 10 }, { batchSize, shuffle: true, generator }));
  const [small, large] = loadersOf(new TorchGenerator(1));
  const expected = [small!, large!, small!, large!]
    .flatMap((loader) => [...loader])
    .map((batch) => [...batch]);
  const generator = new TorchGenerator(1);
  const passes = new EpochIterator(loadersOf(generator));
  assert.equal(passes.length, 5);
  assert.deepEqual(batches(passes, 4), expected.slice(0, 4));
  assert.equal(passes.isAtEnd, false);
  const other = new TorchGenerator(99);
  const restored = new EpochIterator(loadersOf(other));
  restored.restore(passes.state());
  other.restore(generator.state());
  assert.deepEqual(batches(restored, 6), expected.slice(4));
  assert.equal(restored.isAtEnd, true);
  assert.deepEqual(
    Array.from({ length: 5 }, () => passes.take(9).map(({ length }) => length)),
    [[3], [4, 4], [2], [7], [3]],
  );
});

test("loaders over data sets of different sizes, and none, are refused", () => {
  const loaders = [loaderOf(new TorchGenerator(1)), loaderOf(new TorchGenerator(1), 11)];
  assert.throws(
    () => new EpochIterator(loaders),
    /expected loaders over one data set, got \[10,11\] examples/,
  );
  assert.throws(() => new EpochIterator([]), /expected loaders over one data set, got \[\] examples/);
});

test("a state of other passes is refused and changes nothing", () => {
  const passes = new EpochIterator(loaderOf(new TorchGenerator(1)));
  const of = (order: number[], given: number) => ({
    order: { shape: [order.length], values: Int32Array.from(order) },
    given: { shape: [], values: Int32Array.of(given) },
  });
  assert.throws(() => passes.restore(of([1, 2], 0)), /expected the order of 10 examples, got 2/);
  assert.throws(() => passes.restore(of([], 4)), /batches given is 4, expected an integer from 0 to 3/);
  assert.throws(() => passes.restore({}), /expected the order of 10 examples, got none/);
  assert.equal(passes.isAtEnd, true);
});
