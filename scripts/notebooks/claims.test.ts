import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  type Final,
  type FinishedRun,
  meanInterval,
  pairedDifference,
  type Results,
  spearman,
} from "../../lib";
import { projectFolder } from "../../lib/notebook/project";

// The main numbers of the verdicts and of the README's table are derived here from the committed runs, or read from the
// committed output, and looked for in the text. A sentence that no longer agrees with its runs fails.

type AnyRun = FinishedRun<Final>;
type Cell = { cell_type: string; source: string[]; outputs?: Output[] };
type Output = { text?: string[]; data?: Record<string, string[]> };

const names = {
  "00": "00-subspace-training",
  "01": "01-convergent-rank",
  "02": "02-weight-feedback",
  "03": "03-zero-initialization",
  "04": "04-linear-network",
};
type Notebook = keyof typeof names;

const read = (...path: string[]) => readFileSync(join(projectFolder, ...path), "utf8");
const cellsOf = (notebook: Notebook): Cell[] =>
  JSON.parse(read("notebooks", `${names[notebook]}.ipynb`)).cells;
const joined = (text: string[] | string | undefined) => (Array.isArray(text) ? text.join("") : (text ?? ""));

function runsOf(notebook: Notebook): AnyRun[] {
  const { runs }: Results = JSON.parse(read("notebooks", "results", `${names[notebook]}.json`));
  return runs as AnyRun[];
}

/** All that a notebook's cells printed or displayed as text. */
function outputOf(notebook: Notebook): string {
  const outputs = cellsOf(notebook).flatMap((cell) => cell.outputs ?? []);
  return outputs.map(({ text, data }) => `${joined(text)}${joined(data?.["text/plain"])}`).join("\n");
}

const prose = (notebook: Notebook) =>
  cellsOf(notebook)
    .filter((cell) => cell.cell_type === "markdown")
    .map(({ source }) => joined(source))
    .join("\n");

function states(where: Notebook | "README", ...sentences: string[]): void {
  const text = where === "README" ? read("README.md") : prose(where);
  for (const sentence of sentences) {
    assert.ok(text.includes(sentence), `${where} does not say “${sentence}”, as its runs do`);
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const median = (values: readonly number[]) => {
  const ordered = [...values].sort((a, b) => a - b);
  return (ordered[(ordered.length - 1) >> 1]! + ordered[ordered.length >> 1]!) / 2;
};
const range = (values: readonly number[], digits = 1, to = " to ") =>
  `${Math.min(...values).toFixed(digits)}${to}${Math.max(...values).toFixed(digits)}`;
const signed = (value: number, digits = 2) => value.toFixed(digits).replace("-", "−");
const written = ({ mean, low, high }: { mean: number; low: number; high: number }) =>
  `${signed(mean)} (${signed(low)} … ${signed(high)})`;
const accuracy = ({ final }: AnyRun) => final["testAccuracy"] as number;
const last = <T>(values: readonly T[]) => values[values.length - 1]!;

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

type NetRun = AnyRun & { config: { layers: number; width: number; skip: boolean; weightDecay: number } };

const nets01 = () => {
  const runs = runsOf("01").filter(({ config }) => typeof config["skip"] === "boolean") as NetRun[];
  const hundred = runs.filter(({ final }) => "predictions" in final);
  return {
    hundred,
    learnt: hundred.filter(({ final }) => Number(final["trainAccuracy"]) >= 50),
    tasks: runs.filter(({ name }) => name.endsWith("at most 50 epochs")),
    long: runs.filter(({ name }) => name.endsWith("at most 250 epochs")),
  };
};
const classCount: Record<string, number> = { "0, 1": 2, "4, 9": 2, "3, 5": 2, "0 – 4": 5 };
const classesOf = (run: AnyRun) => classCount[run.config["task"] as string] ?? 10;
const hasLearnt = (run: AnyRun) => Number(run.final["trainAccuracy"]) >= 150 / classesOf(run);
const effective = ({ final }: AnyRun) => final["effectiveRanks"] as number[];
const lastHidden = (run: NetRun) => effective(run)[run.config.layers - 1]!;
const isSameNet = (a: NetRun, b: NetRun) =>
  (["layers", "width", "skip", "weightDecay"] as const).every((name) => a.config[name] === b.config[name]);
const classTasks = [...Object.keys(classCount), "digits"];

test("01: the last hidden layer's rank is no fixed number on ten classes", () => {
  const { hundred, learnt, tasks } = nets01();
  const several = learnt.filter(({ config }) => !config.skip && config.layers > 1);
  const ranks = several.map(lastHidden);
  const selected = several.filter(({ config }) => config.layers >= 4 && config.weightDecay >= 1e-3);
  states(
    "01",
    `the ${several.length} without skip connections that have several hidden layers and learnt range from ` +
      `${range(ranks)} (median ${median(ranks).toFixed(1)})`,
    `the ${selected.length} of them with four hidden layers or more and that decay from ${range(selected.map(lastHidden))}`,
  );
  states("README", `${range(ranks)} over ${several.length} nets`);

  const deep = tasks.filter(
    (run) => hasLearnt(run) && !run.config.skip && run.config.layers >= 4 && run.config.weightDecay >= 1e-3,
  );
  const configs = deep.filter((run, i) => deep.findIndex((one) => isSameNet(run, one)) === i);
  assert.equal(configs.length, 4);
  const meansOn = (...of: string[]) =>
    configs.flatMap((net) =>
      of.map((task) =>
        mean(deep.filter((run) => isSameNet(run, net) && run.config["task"] === task).map(lastHidden)),
      ),
    );
  states(
    "01",
    `effective rank is ${range(meansOn("0, 1", "4, 9", "3, 5"))} on two classes, ${range(meansOn("0 – 4"))} on five and ` +
      `${range(meansOn("digits"))} on ten`,
  );
  const again = configs.map((net) => lastHidden(hundred.find((one) => isSameNet(one, net))!));
  states("01", `come to ${range(again)} on ten`);
  for (const [layers, width] of [
    [4, 313],
    [6, 79],
  ]) {
    const i = configs.findIndex(({ config }) => config.layers === layers && config.width === width);
    states(
      "01",
      `${layers} × ${width} to ${again[i]!.toFixed(1)} in place of ${meansOn("digits")[i]!.toFixed(1)}`,
    );
    if (layers === 4)
      states(
        "README",
        `${again[i]!.toFixed(1)} on 60,000 images in batches of 128, ${meansOn("digits")[i]!.toFixed(1)} on 10,000`,
      );
  }
});

test("01: the order of the tasks by the summed rank, net by net", () => {
  const { tasks } = nets01();
  const isDecayed = ({ config }: NetRun) => config.weightDecay >= 1e-3;
  const configs = tasks.filter(
    (run, i) => tasks.findIndex((one) => isSameNet(run, one)) === i && isDecayed(run),
  );
  const total = (run: NetRun, definition: string) => sum((run.final[definition] as number[]).slice(0, -1));
  const correlations = (definition: string) =>
    configs.flatMap((net) => {
      const known = classTasks.flatMap((task) => {
        const seeds = tasks.filter((run) => isSameNet(run, net) && run.config["task"] === task);
        if (!seeds.every(hasLearnt)) return [];
        return [{ rank: mean(seeds.map((run) => total(run, definition))), classes: classesOf(seeds[0]!) }];
      });
      if (known.length < classTasks.length) return [];
      const ranks = known.map(({ rank }) => rank);
      return [
        spearman(
          ranks,
          known.map(({ classes }) => classes),
        ).correlation,
      ];
    });
  const definitions = ["ranks", "ranksAbove1e3", "ranksAbove1e2", "normalizedRanks", "energyRanks"].concat([
    "nuclearRanks",
    "effectiveRanks",
    "participationRatios",
    "stableRanks",
  ]);
  const ceiling = 2 / Math.sqrt(5); // ranks 2, 2, 2, 4, 5 against 1 to 5
  const each = definitions.map(correlations);
  const atCeiling = each.filter((values) => values.every((value) => Math.abs(value - ceiling) < 1e-12));
  assert.ok(
    each.every(({ length }) => length === 8 || length === 7),
    `${each.map(({ length }) => length)}`,
  );
  assert.equal(atCeiling.length, 7);
  states("01", "the largest that ties allow, 0.89, by seven of the nine definitions");
  states(
    "01",
    `above $\\sigma_1 / 1000$ the mean is ${mean(each[1]!).toFixed(2)}, by NumPy's, which counts rounding, ${mean(each[0]!).toFixed(2)}`,
  );
});

test("01: how many trainings converged, and that none memorizes", () => {
  const { tasks, long } = nets01();
  const onClasses = tasks.filter(
    (run) => run.config.weightDecay >= 1e-3 && classTasks.includes(run.config["task"] as string),
  );
  const converged = (runs: AnyRun[]) => runs.filter(({ final }) => final["converged"] === 1).length;
  const noise = tasks
    .filter(({ config }) => config["task"] === "100 % random")
    .map(({ final }) => Number(final["trainAccuracy"]));
  states(
    "01",
    `Of the ${onClasses.length} trainings of nets with decay on the five tasks, ${converged(onClasses)} met the criterion`,
    `The ranks of ${converged(long)} of these ${long.length} trainings converged`,
  );
  assert.ok(Math.max(...noise) < 60, "a net memorizes: the verdict on noise is to be written anew");
  const onTask = (task: string) => tasks.filter(({ config }) => config["task"] === task);
  const percent = (run: AnyRun) => Number(run.final["trainAccuracy"]);
  const memorizing = onTask("50 % random").filter((run) => percent(run) > 55);
  const others = (run: NetRun) => !memorizing.some((one) => isSameNet(run, one));
  assert.deepEqual(new Set(memorizing.map(({ config }) => config.weightDecay)), new Set([3e-4]));
  assert.equal(memorizing.length, 4);
  const onNoise = onTask("100 % random").filter((run) => memorizing.some((one) => isSameNet(run, one)));
  const rest = onTask("100 % random").filter(others).map(percent);
  const two = rest.filter((value) => value > 15);
  const most = Math.max(...rest.filter((value) => value <= 15));
  states(
    "01",
    `fit more, ${range(memorizing.map(percent), 0)} %, and ${range(onNoise.map(percent), 0)} % of labels that are all random`,
    `one fits ${range(two, 0, " and ")} % of those, the rest at most ${most.toFixed(0)}`,
  );
  const total = (run: NetRun) => sum(effective(run).slice(0, -1));
  /** The summed rank on a noisy task over that on clean digits, of each net that learnt both. */
  const ratios = (task: string, includes: (config: NetRun["config"]) => boolean) =>
    onTask(task).flatMap((run, i, all) => {
      const [noisy, clean] = [all, onTask("digits")].map((some) => some.filter((one) => isSameNet(run, one)));
      const isKnown =
        [...noisy!, ...clean!].every(hasLearnt) && all.findIndex((one) => isSameNet(run, one)) === i;
      return isKnown && includes(run.config) ? [mean(noisy!.map(total)) / mean(clean!.map(total))] : [];
    });
  const plain = ["10 % random", "25 % random"].map((task) => ratios(task, ({ skip }) => !skip));
  const skipping = ratios("50 % random", ({ skip, weightDecay }) => skip && weightDecay >= 1e-3);
  assert.deepEqual([plain[0]!.length, plain[1]!.length, skipping.length], [5, 5, 4]);
  states("01", `is ${range(plain.flat(), 2)} times that on clean digits`, `to ${range(skipping, 2)} at 50 %`);
  const under = tasks.filter(({ config }) => config.weightDecay === 0.01 && config["task"] === "digits");
  states(
    "01",
    `${range(
      under.map(({ final }) => Number(final["trainAccuracy"])),
      0,
    )} % of the training set`,
  );
});

test("01: within nets of equal depth little of the classes' likeness is left", () => {
  const table = outputOf("01").split("CKA of nets of equal depth")[1]!;
  const rows = [...table.matchAll(/^\s*([1-6])\s+(\d+)\s+([\d.]+)\s+(\d+)\s+([\d.]+)$/gm)].map((row) =>
    row.slice(1).map(Number),
  );
  assert.equal(rows.length, 6);
  const pairs = sum(rows.map(([, inClass]) => inClass!));
  const excess = sum(rows.map(([, n, within, , between]) => n! * (within! - between!))) / pairs;
  const [one, six] = [rows[0]!, rows[5]!];
  states(
    "01",
    `classes hold ${pairs} pairs, ${one[1]} of them of nets with one hidden layer`,
    `the excess is ${excess.toFixed(3)} (weighted by the pairs in a class)`,
    `(${six[2]!.toFixed(3)} within, ${six[1]} pairs; ${six[4]!.toFixed(3)} between)`,
  );
});

test("01: pruning, accuracies and parameters over three seeds", () => {
  const runs = runsOf("01").filter(
    ({ config: c }) => c["layers"] === 3 && (c["evolutions"] === 8 || c["carry"] !== "fresh"),
  );
  const way = (matches: (config: AnyRun["config"]) => boolean) =>
    runs.filter(({ config }) => matches(config));
  const ofRange = (values: number[]) => `${mean(values).toFixed(2)} % (${range(values, 2, " … ")})`;
  const millions = (some: AnyRun[]) =>
    mean(some.map(({ final }) => Number(final["parameters"]) / 1e6)).toFixed(2);
  const svd = way(({ carry }) => carry === "svd");
  const fresh = way((c) => c["carry"] === "fresh" && !c["lowering"] && !c["expanding"]);
  const firstNets = fresh.map(({ history }) => history[1]!["testAccuracy"]!);
  assert.deepEqual([svd.length, fresh.length], [3, 3]);
  states(
    "01",
    `go from ${ofRange(firstNets)} with ${(fresh[0]!.history[1]!["parameters"]! / 1e6).toFixed(2)} million parameters to ` +
      `${ofRange(svd.map(accuracy))} with ${millions(svd)} million`,
    `end at ${ofRange(fresh.map(accuracy))} with ${millions(fresh)} million parameters`,
    `reach ${ofRange(way(({ carry }) => carry === "factors").map(accuracy))}`,
    `ends at ${ofRange(way(({ carry }) => carry === "magnitude").map(accuracy))}`,
    `ends at ${ofRange(way((c) => Boolean(c["expanding"])).map(accuracy))}`,
    `with ${ofRange(way((c) => Boolean(c["lowering"])).map(accuracy))}`,
  );
  states(
    "README",
    `${mean(firstNets).toFixed(2)} % with ${(fresh[0]!.history[1]!["parameters"]! / 1e6).toFixed(2)} million parameters`,
    `${mean(svd.map(accuracy)).toFixed(2)} % with ${millions(svd)} million`,
  );

  const ends = runsOf("01")
    .filter(({ config }) => config["carry"] === "svd")
    .map(({ config, history }) =>
      history
        .slice(-4)
        .filter((row, i, rows) => rows[i + 1]?.["evolution"] !== row["evolution"])
        .map((row) => Array.from({ length: Number(config["layers"]) }, (_, i) => row[`cutRank${i}`]!)),
    );
  const changes = ends.flatMap(([before, after]) =>
    after!.map((rank, i) => Math.abs(rank / before![i]! - 1)),
  );
  const layer = (i: number) =>
    range(
      ends.map(([, after]) => after![i]!),
      0,
    );
  states(
    "01",
    `${changes.filter((change) => change < 0.04).length} of the ${changes.length} ranks of its six runs change by less than 4 %, the others by up to ${(100 * Math.max(...changes)).toFixed(0)} %`,
    `${layer(0)} in the first hidden layer, ${layer(1)} in the second and ${range(
      ends.flatMap(([, after]) => after!.slice(2)),
      0,
    )} behind it`,
  );
});

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

test("03: ranks, the crossing and the accuracies of one epoch", () => {
  const runs = runsOf("03");
  const run = (init: string, hidden: number, seed = 1) =>
    runs.find(({ config: c }) => c["init"] === init && c["hidden"] === hidden && c["seed"] === seed)!;
  const partial = [256, 512, 1024, 2048].map((hidden) => run("Partial_Identity", hidden).final["rank"]);
  const zero = run("ZerO", 1024);
  const crossing = zero.history.filter(({ rank }) => rank! < 784).map(({ step }) => step);
  const percent = (init: string) => accuracy(run(init, 1024)).toFixed(2);
  assert.ok(partial.every((rank) => Number(rank) < 784) && Number(zero.final["rank"]) > 784);
  states(
    "03",
    `end at ${partial[2]} and ${partial[3]}`,
    `between updates ${last(crossing)} and ${last(crossing) + 50} of 938, and ends at ${zero.final["rank"]}`,
    `ZerO comes to ${percent("ZerO")} %, partial identity to ${percent("Partial_Identity")}, OnE to ${percent("OnE")} and Random to ${percent("Random")}`,
    `spread over ${range(
      [1, 2, 3, 4, 5].map((seed) => accuracy(run("Partial_Identity", 256, seed))),
      2,
    )}`,
  );
  states(
    "README",
    `(${partial.slice(0, 3).join(", ")} and ${partial[3]} of 256 to 2048)`,
    `${zero.final["rank"]} of 1024`,
    `${percent("ZerO")} % against ${percent("Partial_Identity")}`,
  );
});

test("04: the covariance, and what the tail of C31's students looks like beside the document's", () => {
  const output = outputOf("04");
  const distance = Number(runsOf("04").find(({ name }) => name === "mnist")!.final["distance"]);
  states("README", `falls to ${distance.toExponential(0)}`);
  const [, print] = output.match(/document's print\s+((?:[\d.]+\s+){6})/)!;
  const rows = [...output.matchAll(/C31, seed \d\s+((?:[\d.]+\s+){6})/g)].map(([, row]) =>
    row!.trim().split(/\s+/).map(Number),
  );
  const document = print!.trim().split(/\s+/).map(Number);
  const atStep4000 = rows.map((row) => row[2]!);
  assert.ok(document[2]! < Math.min(...atStep4000));
  states(
    "04",
    `its loss at step 4000, ${document[2]}, lies below those of the four seeds that learn here, ${range(atStep4000, 3)}`,
  );
});
