import assert from "node:assert/strict";
import { test } from "node:test";
import { TorchGenerator } from "../random/torch";
import { seeds } from "./fixtures/torch-loader.json";
import { DataLoader } from "./loader";

const flat = (loader: DataLoader<{ count: number }>) => [...loader].flatMap((batch) => Array.from(batch));

for (const [name, expected] of Object.entries(seeds)) {
  test(`seed ${name}: shuffled passes are PyTorch's, the first of 60,000 and two in a row of 100`, () => {
    const loader = (count: number) =>
      new DataLoader(
        { count },
        { batchSize: 64, shuffle: true, generator: new TorchGenerator(Number(name)) },
      );
    assert.deepEqual(flat(loader(60000)).slice(0, 20), expected.dataloader_shuffle_60000_first20);
    const hundred = loader(100);
    const passes = [flat(hundred), flat(hundred)].map((order) => order.slice(0, 10));
    assert.deepEqual(passes, expected.dataloader_shuffle_100_two_epochs_first10);
  });
}

test("a pass holds every example once, and dropLast leaves out a partial batch", () => {
  const options = { batchSize: 30, shuffle: true, generator: new TorchGenerator(1) };
  const all = new DataLoader({ count: 100 }, options);
  assert.equal(all.length, 4);
  assert.deepEqual(
    flat(all).sort((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i),
  );
  const whole = new DataLoader({ count: 100 }, { ...options, dropLast: true });
  assert.deepEqual(
    [...whole].map((batch) => batch.length),
    [30, 30, 30],
  );
});

test("a pass without shuffling is in order and draws one integer from the stream", () => {
  const generator = new TorchGenerator(1);
  const loader = new DataLoader({ count: 3 }, { batchSize: 2, generator });
  assert.deepEqual(flat(loader), [0, 1, 2]);
  const reference = new TorchGenerator(1);
  reference.randint64();
  assert.equal(generator.randint64(), reference.randint64());
});

test("a batch size that is none is refused", () => {
  const generator = new TorchGenerator(1);
  assert.throws(() => new DataLoader({ count: 3 }, { batchSize: 0, generator }), /positive integer, got 0/);
});
