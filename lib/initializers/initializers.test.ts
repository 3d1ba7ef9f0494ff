import assert from "node:assert/strict";
import { test } from "node:test";
import type { tf } from "../backend/tf";
import { TorchGenerator } from "../random/torch";
import { fansOf } from "./fan";
import { seeds } from "./fixtures/torch.json";
import { kaimingNormal, kaimingUniform } from "./kaiming";
import { conv2dDefault, linearDefault } from "./torch-default";
import { xavierUniform } from "./xavier";

function assertClose(tensor: tf.Tensor, shape: number[], expected: number[], tolerance: number): void {
  assert.deepEqual(tensor.shape, shape);
  tensor.dataSync().forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]!) <= tolerance, `${i}: ${value} is not ${expected[i]}`);
  });
}

for (const [name, expected] of Object.entries(seeds)) {
  const generator = () => new TorchGenerator(Number(name));

  test(`seed ${name}: linearDefault and conv2dDefault equal PyTorch's nn.Linear and nn.Conv2d bit for bit`, () => {
    const linear = linearDefault([3, 4], generator());
    assertClose(linear.weight, [3, 4], expected.linear_4_3_weight, 0);
    assertClose(linear.bias, [3], expected.linear_4_3_bias, 0);
    assertClose(
      conv2dDefault([2, 1, 3, 3], generator()).weight,
      [2, 1, 3, 3],
      expected.conv2d_1_2_3_weight,
      0,
    );
  });

  test(`seed ${name}: xavierUniform equals PyTorch's bit for bit, kaimingNormal to 1e-6`, () => {
    assertClose(xavierUniform([4, 5], generator()), [4, 5], expected.xavier_uniform_4x5, 0);
    assertClose(kaimingNormal([6, 5], generator()), [6, 5], expected.kaiming_normal_6x5, 1e-6);
  });
}

test("kaimingUniform with a = √5 equals the weight of nn.Linear", () => {
  const [expected] = Object.values(seeds);
  const weight = kaimingUniform([3, 4], new TorchGenerator(0), { a: Math.sqrt(5) });
  assertClose(weight, [3, 4], expected!.linear_4_3_weight, 1e-7);
});

test("the fans of a convolution include the kernel's size, and vectors are rejected", () => {
  assert.deepEqual(fansOf([10, 784]), { fanIn: 784, fanOut: 10 });
  assert.deepEqual(fansOf([10, 5, 3, 3]), { fanIn: 45, fanOut: 90 });
  assert.throws(
    () => linearDefault([3] as never, new TorchGenerator(0)),
    /shape is \[3\], expected \[outputs, inputs\]/,
  );
  assert.throws(() => fansOf([10]), /shape is \[10\], expected \[outputs, inputs, …\] of integers ≥ 1/);
});
