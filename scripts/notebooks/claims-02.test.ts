import assert from "node:assert/strict";
import { test } from "node:test";
import { pairedDifference } from "../../lib";
import { type AnyRun, accuracy, mean, runsOf, states, written } from "./testing/claims";

test("02: every difference with its interval", () => {
  const runs = runsOf("02");
  const of = (
    net: string,
    { hidden, feedback, gradient }: { hidden?: number; feedback?: string; gradient?: true } = {},
  ) =>
    runs
      .filter(
        ({ config: c }) =>
          c["net"] === net &&
          c["hidden"] === hidden &&
          c["feedback"] === feedback &&
          c["gradient"] === gradient,
      )
      .sort((a, b) => Number(a.config["seed"]) - Number(b.config["seed"]));
  const net = of("Net").map(accuracy);
  const over = (some: AnyRun[]) => pairedDifference(some.map(accuracy), net);
  const mnist = {
    pooled: over(of("WeightNetMnist", { hidden: 50 })),
    projected: over(of("WeightNetMnistP")),
    ones: over(of("WeightNetMnist", { hidden: 50, feedback: "ones" })),
    foreign: over(of("WeightNetMnist", { hidden: 50, feedback: "foreign" })),
    wider: over(of("Net", { hidden: 60 })),
  };
  for (const { low, high } of Object.values(mnist)) assert.ok(low < 0 && high > 0);
  states(
    "02",
    `pooled weights add ${written(mnist.pooled).replace(" (", " points (")}, projected ones ${written(mnist.projected)}, ones ` +
      `${written(mnist.ones)}, another network's weights ${written(mnist.foreign)}`,
    `differ, ${written(mnist.wider)}`,
  );
  const settled = (some: AnyRun[]) =>
    some.map(({ history }) => mean(history.slice(-5).map((row) => row["testAccuracy"]!)));
  const base = of("NetCifar10", { hidden: 500 });
  const [pooled, foreign, ones] = [
    of("WeightNetCifar10"),
    of("WeightNetCifar10", { feedback: "foreign" }),
    of("WeightNetCifar10", { feedback: "ones" }),
  ];
  const cifar = (some: AnyRun[], other = base) => pairedDifference(settled(some), settled(other));
  const gain = written(cifar(pooled));
  states(
    "02",
    `pooled weights add ${gain.replace(" (", " points (")}`,
    `add ${written(cifar(foreign)).replace(" (", "** (")}`,
    `differ from another's by ${written(cifar(pooled, foreign))}`,
    `gives ${written(pairedDifference(pooled.map(accuracy), base.map(accuracy)))}`,
    `change the accuracy by ${written(cifar(ones))}`,
    `comes to ${mean(settled(of("WeightNetCifar10P", { feedback: "sketch" }))).toFixed(2)} % where the dense one has ` +
      `${mean(settled(of("WeightNetCifar10P"))).toFixed(2)}`,
  );
  states("README", written(mnist.pooled), gain, written(cifar(foreign)));
  for (const variant of [pooled, foreign]) {
    const corrected = pairedDifference(settled(variant), settled(base), 1 - 0.05 / 15);
    assert.ok(corrected.low < 0 && corrected.high > 0, "corrected for 15 comparisons it contains 0");
  }
});
