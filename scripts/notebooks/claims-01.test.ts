import assert from "node:assert/strict";
import { test } from "node:test";
import { spearman } from "../../lib";
import { type AnyRun, accuracy, mean, median, outputOf, range, runsOf, states, sum } from "./testing/claims";

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
  const ofRange = (values: number[]) => `${mean(values).toFixed(2)} % (${range(values, 2)})`;
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
