import assert from "node:assert/strict";
import { test } from "node:test";
import * as torch from "./fixtures/reduce-lr-on-plateau.json";
import { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduce-lr-on-plateau";

const groups = () => torch.initial.map((lr) => ({ lr }));
const metricsOf = ({ mode }: ReduceLROnPlateauOptions) =>
  torch.metrics.map((metric) => (mode === "max" ? 1 - metric : metric));

for (const run of torch.runs) {
  const options = run.options as ReduceLROnPlateauOptions;

  test(`ReduceLROnPlateau ${JSON.stringify(options)} gives PyTorch's learning rates, bit for bit`, () => {
    const optimizer = { groups: groups() };
    const scheduler = new ReduceLROnPlateau(optimizer, options);
    const got = metricsOf(options).map((metric) => {
      scheduler.step(metric);
      return optimizer.groups.map((group) => group.lr);
    });
    assert.deepEqual(got, run.lr);
  });

  test(`ReduceLROnPlateau ${JSON.stringify(options)} goes on from a state saved before any step`, () => {
    const optimizer = { groups: groups() };
    const got = [];
    let scheduler = new ReduceLROnPlateau(optimizer, options);
    for (const metric of metricsOf(options)) {
      const state = scheduler.state();
      scheduler = new ReduceLROnPlateau(optimizer, options);
      scheduler.restore(state);
      scheduler.step(metric);
      got.push(optimizer.groups.map((group) => group.lr));
    }
    assert.deepEqual(got, run.lr);
  });
}

test("a metric of NaN is no improvement", () => {
  const optimizer = { groups: [{ lr: 1 }] };
  const scheduler = new ReduceLROnPlateau(optimizer, { patience: 1, factor: 0.5 });
  const rates = [3, Number.NaN, 2, Number.NaN, Number.NaN].map((metric) => {
    scheduler.step(metric);
    return optimizer.groups[0]!.lr;
  });
  assert.deepEqual(rates, [1, 1, 1, 1, 0.5]);
});

test("ReduceLROnPlateau refuses options out of their range and a foreign state", () => {
  const create = (options: ReduceLROnPlateauOptions) => () =>
    new ReduceLROnPlateau({ groups: groups() }, options);
  assert.throws(create({ mode: "least" as "min" }), /mode is "least", expected min or max/);
  assert.throws(create({ thresholdMode: "ratio" as "rel" }), /thresholdMode is "ratio", expected rel or abs/);
  assert.throws(create({ factor: 1 }), /factor is 1, expected 0 ≤ factor < 1/);
  assert.throws(create({ patience: 1.5 }), /patience is 1\.5, expected an integer from 0/);
  assert.throws(create({ cooldown: -1 }), /cooldown is -1, expected an integer from 0/);
  assert.throws(create({ threshold: -1 }), /threshold is -1/);
  assert.throws(create({ eps: Number.NaN }), /eps is NaN/);
  assert.throws(create({ minLr: -1 }), /minLr is -1/);
  assert.throws(create({ minLr: [0, 0, 0] }), /minLr has 3 numbers, expected one for each of 2 groups/);
  assert.throws(() => create({})().restore({}), /The state lacks \[best, badSteps, cooldownLeft\]/);
});

test("ReduceLROnPlateau refuses a metric that is not a number", () => {
  const scheduler = new ReduceLROnPlateau({ groups: groups() });
  for (const metric of [undefined, "0.5", null]) {
    assert.throws(() => scheduler.step(metric as never), /The metric is .*, expected a number/);
  }
});
