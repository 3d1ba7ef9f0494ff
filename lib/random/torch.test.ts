import assert from "node:assert/strict";
import { test } from "node:test";
import { seeds } from "./fixtures/torch.json";
import { TorchGenerator } from "./torch";

function assertClose(actual: ArrayLike<number>, expected: number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    assert.ok(Math.abs(actual[i]! - value) <= tolerance, `${i}: ${actual[i]} is not ${value}`);
  });
}

for (const [name, expected] of Object.entries(seeds)) {
  const generator = () => new TorchGenerator(Number(name));

  test(`seed ${name}: uniform numbers, permutations and integers agree with PyTorch bit for bit`, () => {
    assertClose(generator().rand([8]), expected.rand8, 0);
    assert.deepEqual(Array.from(generator().randperm(16)), expected.randperm16);
    assert.deepEqual(Array.from(generator().randperm(60000).subarray(0, 20)), expected.randperm60000_first20);
    assert.equal(String(generator().randint64()), expected.random_int64);
    assert.deepEqual(Array.from(generator().randint(-3, 6, [3, 4])), expected.randint_m3_6);
    assert.deepEqual(Array.from(generator().randint(0, 2 ** 28 - 1, [3])), expected.randint_large);
  });

  test(`seed ${name}: PyTorch's default layer initialization is reproduced bit for bit`, () => {
    const linear = generator();
    assertClose(linear.uniform([3, 4], -0.5, 0.5), expected.linear_4_3_weight, 0);
    assertClose(linear.uniform([3], -0.5, 0.5), expected.linear_4_3_bias, 0);
    assertClose(generator().uniform([2, 1, 3, 3], -1 / 3, 1 / 3), expected.conv2d_1_2_3_weight, 0);
  });

  test(`seed ${name}: normals agree with PyTorch to 1e-6, both 5 and 40 of them`, () => {
    assertClose(generator().randn([5]), expected.randn5, 1e-6);
    assertClose(generator().randn([8, 5]), expected.randn40, 1e-6);
  });
}

test("normals have mean 0, variance 1 and fourth moment 3 within four standard errors", () => {
  const count = 100_000;
  const numbers = new TorchGenerator(5).randn([count]);
  const moment = (power: number) => numbers.reduce((sum, x) => sum + x ** power, 0) / count;
  assert.ok(Math.abs(moment(1)) < 4 / Math.sqrt(count));
  assert.ok(Math.abs(moment(2) - 1) < 4 * Math.sqrt(2 / count));
  assert.ok(Math.abs(moment(4) - 3) < 4 * Math.sqrt(96 / count));
});

test("only the low 32 bits of a seed matter; non-integer seeds and invalid shapes are rejected", () => {
  const same = [5, 2n ** 32n + 5n, 5 - 2 ** 32].map((seed) => new TorchGenerator(seed).rand([3]));
  assert.deepEqual(same[1], same[0]);
  assert.deepEqual(same[2], same[0]);
  assert.throws(() => new TorchGenerator(0.5), /seed is 0.5, expected an integer/);
  assert.throws(() => new TorchGenerator(0).rand([-1]), /shape is \[-1\], expected integers ≥ 0/);
});

test("randint refuses ranges that are empty, or so large that PyTorch draws otherwise", () => {
  const generator = new TorchGenerator(0);
  assert.throws(() => generator.randint(3, 3, [1]), /randint: high is 3, expected an integer from 4/);
  assert.throws(() => generator.randint(0, 2 ** 28, [1]), /randint: high is 268435456/);
  assert.throws(() => generator.randint(0.5, 3, [1]), /randint: low is 0.5/);
});

test("a restored generator continues the stream, including a kept normal", () => {
  const generator = new TorchGenerator(5);
  generator.randn([3]);
  generator.rand([700]);
  const state = generator.state();
  const expected = [generator.randn([2]), generator.rand([1000]), generator.randperm(50)];
  const other = new TorchGenerator(6);
  other.restore(state);
  assert.deepEqual([other.randn([2]), other.rand([1000]), other.randperm(50)], expected);
});

test("rejects a state that is not a generator's, and changes nothing", () => {
  const generator = new TorchGenerator(5);
  const state = generator.state();
  assert.throws(() => generator.restore({}), /"twister" and "spare", got \[\]/);
  const short = { shape: [3], values: Uint32Array.of(1, 2, 3) };
  assert.throws(() => generator.restore({ ...state, twister: short }), /expected 624 words .* got 3 numbers/);
  assert.deepEqual(generator.state(), state);
});
