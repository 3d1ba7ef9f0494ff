import assert from "node:assert/strict";
import { test } from "node:test";
import { meanInterval } from "../../lib";
import { type AnyRun, accuracy, last, median, outputOf, range, runsOf, states } from "./testing/claims";

test("00: accuracies, the effective rank of W1, and what the projections reach", () => {
  const runs = runsOf("00");
  const dense = (omegaDim: number | null) =>
    runs.filter(
      ({ config: c }) => c["omegaDim"] === omegaDim && c["projection"] === "dense" && !c["form"] && !c["net"],
    );
  const others = (omegaDim: number) =>
    runs.filter(
      ({ config: c }) =>
        c["omegaDim"] === omegaDim &&
        !c["net"] &&
        c["seed"] === 123 &&
        (c["projection"] !== "dense" || c["form"]),
    );
  for (const [size, digits] of [
    [null, 1],
    [1000, 1],
    [100, 1],
    [10, 0],
  ] as const) {
    const text = `${median(dense(size).map(accuracy)).toFixed(digits)} %`;
    states(
      "README",
      size === null ? `${text} in full` : `${text} with ${size === 1000 ? "ω of 1000" : size}`,
    );
  }
  const at = (run: AnyRun, step: number) => run.history.find((row) => row.step === step)!["effectiveRankW1"]!;
  const [first, ...rest] = dense(null);
  const whole = (value: number) => value.toFixed(0);
  states(
    "00",
    `from the ${whole(at(dense(10)[0]!, 1))} of a random matrix of this shape to ${whole(at(first!, 1))}`,
    `It is ${whole(at(first!, 1000))} at step 1000 and ${whole(at(first!, 11718))} at the end`,
    `${whole(at(rest[0]!, 1))}, then ${whole(at(rest[0]!, 1000))} and ${whole(at(rest[1]!, 1000))}, then ` +
      `${whole(at(rest[0]!, 11718))} and ${whole(at(rest[1]!, 11718))}`,
    `from ${[155, 156, 157]
      .map((i) => last(first!.history)[`W1σ${i}`]!.toFixed(2))
      .join(" to ")
      .replace("to 0.36", "and 0.36")}`,
  );
  const [thousand, hundred, ten] = [1000, 100, 10].map((size) => ({
    others: others(size).map(accuracy),
    dense: dense(size).map(accuracy),
  }));
  states(
    "00",
    `come to ${range(thousand!.others)} %, within the range of the dense one's three seeds (${range(thousand!.dense)})`,
    `${range(hundred!.others)} % at 100 (dense seeds ${range(hundred!.dense)})`,
    `${accuracy(others(30)[0]!).toFixed(
      1,
    )} % at 30, by Fastfood in the affine form, below the ${range(dense(30).map(accuracy))} of the dense seeds in the linear one`,
    `${range(ten!.others, 0)} % at 10 (${range(ten!.dense, 0)})`,
  );
  assert.ok(Math.min(...thousand!.others) >= Math.min(...thousand!.dense) - 0.05);
  assert.ok(Math.max(...thousand!.others) <= Math.max(...thousand!.dense));
});

test("00: the search for the intrinsic dimension, and what a projection costs", () => {
  const runs = runsOf("00");
  const bracketOf = (net: string | undefined, seed: number) => {
    const ofSeed = runs.filter(({ config }) => config["net"] === net && config["seed"] === seed);
    const full = ofSeed.find(({ config }) => config["omegaDim"] === null)!;
    const tried = ofSeed
      .filter(({ config: c }) => c["projection"] === "fastfood" && c["form"] === "affine")
      .map((run) => ({
        size: Number(run.config["omegaDim"]),
        reaches: accuracy(run) >= 0.9 * accuracy(full),
      }));
    let [low, high] = net === "LeNet" ? [100, 700] : [300, 1000];
    while (high / low > 1.06) {
      const middle = Math.round(Math.sqrt(low * high));
      if (tried.find(({ size }) => size === middle)!.reaches) high = middle;
      else low = middle;
    }
    return { low, high };
  };
  for (const net of [undefined, "LeNet"]) {
    const brackets = [123, 124, 125].map((seed) => bracketOf(net, seed));
    const [least, most] = [
      Math.min(...brackets.map(({ low }) => low + 1)),
      Math.max(...brackets.map(({ high }) => high)),
    ];
    const { mean, low, high } = meanInterval(brackets.map((one) => (one.low + one.high) / 2));
    const interval = `${low.toFixed(0)} to ${high.toFixed(0)}`;
    if (net)
      states(
        "00",
        `For LeNet the search ends between ${least} and ${most} (midpoints ${mean.toFixed(0)}, ${interval})`,
      );
    else {
      states(
        "00",
        `between ${least} and ${most} of 199,210 dimensions`,
        `The brackets are ${brackets
          .map(({ low, high }) => `${low + 1} to ${high}`)
          .join(", ")
          .replace(/, (?=[^,]*$)/, " and ")}`,
        `average ${mean.toFixed(0)} (Student's 95 % interval ${interval})`,
      );
    }
    states("README", net ? `${least} to ${most} for LeNet` : `${least} to ${most} dimensions`);
  }
  const run = (name: string) => runs.find((one) => one.name === name)!;
  const [confirming, found] = [run("ω = 548, affine, seed 123"), run("ω = 548, Fastfood, affine, seed 123")];
  const asked = 0.9 * accuracy(run("full, seed 123"));
  assert.ok(accuracy(confirming) < asked && accuracy(found) > asked);
  states(
    "00",
    `it reaches ${accuracy(confirming).toFixed(2)} %; the target is ${asked.toFixed(2)} %, and Fastfood reached ${accuracy(found).toFixed(2)} %`,
    `${accuracy(run("ω = 471, Fastfood, affine, seed 123")).toFixed(1)} % at 471 and ` +
      `${accuracy(run("ω = 508, Fastfood, affine, seed 123")).toFixed(1)} % at 508`,
  );
  const [slow, fast] = [run("ω = 1000, seed 123"), run("ω = 1000, Fastfood, seed 123")];
  const threads = [slow, fast].map(({ backend }) => backend.match(/(\d+) threads?/)?.[1]);
  assert.equal(threads[0], threads[1], "runs on different numbers of threads are not compared");
  const ratio = (slow.seconds / fast.seconds).toFixed(0);
  const [, product, step] = outputOf("00").match(
    /ω = 1000: the dense product takes (\S+) times.*step (\S+) times/,
  )!;
  const costs = `a dense product takes ${product} times as long as Fastfood's, a whole training step ${step} times`;
  states(
    "00",
    costs,
    `${slow.seconds.toFixed(0)} against ${fast.seconds.toFixed(0)} seconds, ${ratio} times`,
  );
  states(
    "README",
    `its product is ${product} times faster, its training step ${step} times, the whole run ${ratio} times`,
  );
});
