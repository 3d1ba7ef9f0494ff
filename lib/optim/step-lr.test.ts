import assert from "node:assert/strict";
import { test } from "node:test";
import * as torch from "./fixtures/step-lr.json";
import { StepLR } from "./step-lr";

const groups = () => torch.initial.map((lr) => ({ lr }));

for (const { options, lr } of torch.runs) {
  test(`StepLR ${JSON.stringify(options)} gives PyTorch's learning rates, bit for bit`, () => {
    const optimizer = { groups: groups() };
    const scheduler = new StepLR(optimizer, options);
    const got = lr.map(() => {
      scheduler.step();
      return optimizer.groups.map((group) => group.lr);
    });
    assert.deepEqual(got, lr);
  });
}

test("StepLR goes on from a saved state", () => {
  const { options, lr } = torch.runs[1]!;
  const optimizer = { groups: groups() };
  const scheduler = new StepLR(optimizer, options);
  for (let step = 1; step <= 4; step++) scheduler.step();
  const restored = new StepLR(optimizer, options);
  restored.restore(scheduler.state());
  for (let step = 5; step <= 9; step++) restored.step();
  assert.deepEqual(
    optimizer.groups.map((group) => group.lr),
    lr[8],
  );
});

test("StepLR refuses options out of their range and a foreign state", () => {
  const create = (stepSize: number, gamma?: number) => () =>
    new StepLR({ groups: groups() }, { stepSize, gamma });
  assert.throws(create(0), /stepSize is 0, expected a positive integer/);
  assert.throws(create(1.5), /stepSize is 1\.5/);
  assert.throws(create(1, -0.5), /gamma is -0\.5, expected a finite number from 0/);
  assert.throws(() => create(1)().restore({}), /The state lacks \[count\]/);
});
