import assert from "node:assert/strict";
import { test } from "node:test";
import { compile } from "../backend/compile/compile";
import { tf } from "../backend/tf";
import { Adam } from "./adam";
import { AdamW } from "./adamw";
import * as torch from "./fixtures/optimizer-sweep.json";
import { SGD } from "./sgd";

type Run = (typeof torch.runs)[number];

const shown = Object.keys(torch.runs[0]!.parameters).map(Number);

/** The parameter after those of the steps that the fixture shows which are not after `last`. */
function path({ optimizer: name, options }: Run, isCompiled: boolean, last: number): number[][] {
  const x = tf.variable(tf.tensor1d(torch.initial));
  const optimizer = new { SGD, Adam, AdamW }[name]!({ x }, options as object);
  const step = compile((gradient: tf.Tensor) => {
    optimizer.step({ x: gradient });
    return tf.sum(gradient);
  });
  const states = shown.map((end, i) => {
    const gradients = torch.gradients.slice(shown[i - 1] ?? 0, Math.min(end, last));
    tf.tidy(() => {
      if (!isCompiled) for (const gradient of gradients) optimizer.step({ x: tf.tensor1d(gradient) });
      else step.scan(tf.tensor2d(gradients));
    });
    return Array.from(x.dataSync());
  });
  step.dispose();
  optimizer.dispose();
  x.dispose();
  return states.filter((_, i) => shown[i]! <= last);
}

/** Adam makes NaN of a gradient whose square is infinite: a documented departure. */
function assertPath(got: number[][], { parameters, options, optimizer }: Run): void {
  for (const [i, state] of got.entries()) {
    for (const [j, actual] of state.entries()) {
      const value = Number(Object.values(parameters)[i]![j]);
      const kind = torch.kinds[j]!;
      if (optimizer !== "SGD" && kind === "too large to be squared" && Number.isNaN(actual)) continue;
      const tolerance = 1e-5 * Math.max(Math.abs(value), Math.abs(torch.initial[j]!));
      assert.ok(
        Object.is(actual, value) || Math.abs(actual - value) <= tolerance,
        `${optimizer} ${JSON.stringify(options)}, "${kind}", step ${shown[i]}: ${actual} is not ${value}`,
      );
    }
  }
}

for (const optimizer of ["Adam", "AdamW", "SGD"]) {
  const runs = torch.runs.filter((run) => run.optimizer === optimizer);

  test(`${optimizer} follows PyTorch's path with any options down gradients of any kind`, () => {
    for (const run of runs) assertPath(path(run, false, 10), run);
  });

  test(`${optimizer} follows PyTorch's path in a compiled step`, () => {
    for (const run of runs) assertPath(path(run, true, 100), run);
  });
}
