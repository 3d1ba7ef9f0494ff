import assert from "node:assert/strict";
import { test } from "node:test";
import { TorchGenerator } from "../random/torch";
import { loadMnist } from "./mnist";
import { withClasses, withPermutedPixels, withRandomLabels } from "./tasks";
import "../notebook/use-environment";

/** Image i is [i, 10 + i, 20 + i]. */
const small = {
  count: 5,
  images: Uint8Array.from({ length: 15 }, (_, i) => Math.floor(i / 3) + 10 * (i % 3)),
  labels: Uint8Array.of(3, 1, 4, 1, 3),
};

test("the images of some classes keep their pixels and get their classes' places as labels", () => {
  const { count, images, labels } = withClasses(small, [1, 3]);
  assert.equal(count, 4);
  assert.deepEqual([...labels], [1, 0, 0, 1]);
  assert.deepEqual([...images], [0, 10, 20, 1, 11, 21, 3, 13, 23, 4, 14, 24]);
});

test("MNIST has 5842 fours and 5949 nines to train on", async () => {
  const { count, labels } = withClasses((await loadMnist()).train, [4, 9]);
  assert.equal(count, 5842 + 5949);
  assert.equal(
    labels.reduce((sum, label) => sum + label, 0),
    5949,
  );
});

test("of random labels as many are drawn as asked for, and one in ten comes out as it was", async () => {
  const data = (await loadMnist()).test;
  for (const share of [0, 0.1, 0.5, 1]) {
    const { labels } = withRandomLabels(data, share, new TorchGenerator(7));
    const changed = labels.filter((label, i) => label !== data.labels[i]).length / data.count;
    // Five standard deviations of a binomial count.
    const deviation = Math.sqrt((share * 0.9 * 0.1) / data.count);
    assert.ok(Math.abs(changed - 0.9 * share) <= 5 * deviation, `${share}: ${changed}`);
  }
  assert.deepEqual(
    withRandomLabels(data, 0.5, new TorchGenerator(7)).labels,
    withRandomLabels(data, 0.5, new TorchGenerator(7)).labels,
  );
});

test("permuted pixels go back with the inverse permutation", () => {
  const permuted = withPermutedPixels(small, [2, 0, 1]);
  assert.deepEqual([...permuted.images.subarray(3, 6)], [21, 1, 11]);
  assert.deepEqual(withPermutedPixels(permuted, [1, 2, 0]), small);
});

test("classes without images, shares beyond 1 and what is no permutation are refused", () => {
  assert.throws(() => withClasses(small, [1, 2]), /different classes among the labels, got \[1, 2\]/);
  assert.throws(() => withClasses(small, [1, 1]), /different classes among the labels, got \[1, 1\]/);
  assert.throws(
    () => withRandomLabels(small, 1.5, new TorchGenerator(0)),
    /share is 1.5, expected a number in \[0, 1\]/,
  );
  assert.throws(() => withPermutedPixels(small, [0, 1, 1]), /a permutation of 3 pixels, got 3 numbers/);
});
