import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type Claim, defineExperiment, type FinishedRun, writeResults } from "../../../lib";
import { keyOf } from "../../../lib/experiment/run-key";
import { faultsOfClaims } from "./rederive-claims";

const folder = mkdtempSync(join(tmpdir(), "rederive-"));
mkdirSync(join(folder, "results"));
after(() => rmSync(folder, { recursive: true }));

/** The cells of a notebook with two claims about the ranks of three runs. */
const cells = [
  `import { answerBox, Claims, defineExperiment, display, type FinishedRun, meanInterval, parameters, runAll,
  saveResults } from "../lib";
const answer = await answerBox();
const claims = new Claims();`,
  "const params = parameters({ seeds: [1, 2, 3], bound: 784 }, { smoke: { seeds: [1, 2] } });",
  `const experiment = defineExperiment({
  notebook: "99-synthetic", version: 1, settings: { width: 1024 }, nameOf: ({ seed }) => \`seed \${seed}\`,
  start() { throw new Error("a replay trains nothing"); },
});
const runs: FinishedRun[] = await runAll(params.seeds.map((seed) => ({ seed })), experiment);`,
  `const ranks = runs.map(({ final }) => final.rank);
const interval = meanInterval(ranks);
const crossing = claims.add({
  text: \`The rank ends at \${interval.mean.toFixed(1)}, above \${params.bound}.\`,
  holds: interval.low > params.bound,
  evidence: \`final rank, seeds \${params.seeds.join(", ")}\`,
  n: ranks.length,
  interval,
});
claims.add({
  text: \`Its least is \${Math.min(...ranks)}.\`, holds: true, evidence: "final rank", n: ranks.length,
});
await display(claims.table());`,
  `saveResults("99-synthetic", { parameters: { ...params }, runs, claims });
await answer.fill([crossing], { scope: "Holds for one width." });`,
];

// Mean 795, standard deviation 2; Student's quantile of two degrees of freedom is 4.302652730.
const reach = (4.30265272974946 * 2) / Math.sqrt(3);
const crossing: Claim = {
  text: "The rank ends at 795.0, above 784.",
  evidence: "final rank, seeds 1, 2, 3",
  n: 3,
  interval: { low: 795 - reach, high: 795 + reach },
  holds: true,
};
const least: Claim = { text: "Its least is 793.", evidence: "final rank", n: 3, holds: true };

const experiment = defineExperiment({
  ...{ notebook: "99-synthetic", version: 1, settings: { width: 1024 } },
  nameOf: ({ seed }: { seed: number }) => `seed ${seed}`,
  start() {
    throw new Error("no training");
  },
});

const runOf = (seed: number, rank: number): FinishedRun => ({
  ...{
    name: `seed ${seed}`,
    key: keyOf({ seed }, experiment),
    config: { seed },
    history: [],
    final: { rank },
  },
  ...{ log: [], seconds: 1, code: "abc", backend: "TensorFlow" },
});

let notebooks = 0;

/** The faults of a notebook with these cells, committed runs and claims, and page. */
function faultsOf({
  tags = {},
  sources = cells,
  ranks = [793, 795, 797],
  claims = [crossing, least],
  page = `${crossing.text}\n${least.text}`,
}: {
  /** The tags of cells, by their index. */
  tags?: Record<number, string[]>;
  sources?: string[];
  ranks?: number[];
  claims?: Claim[];
  page?: string;
}): Promise<string[]> {
  const notebook = `99-synthetic-${++notebooks}`;
  const written = sources.map((source, i) => ({
    ...{
      cell_type: "code",
      source: source.split(/(?<=\n)/),
      metadata: { tags: tags[i] ?? (i === 1 ? ["parameters"] : []) },
    },
    outputs: i === 3 ? [{ output_type: "display_data", data: { "text/plain": page.split(/(?<=\n)/) } }] : [],
  }));
  writeFileSync(join(folder, `${notebook}.ipynb`), JSON.stringify({ cells: written }));
  writeResults(join(folder, "results", `${notebook}.json`), {
    ...{ notebook, parameters: {}, claims, runs: ranks.map((rank, i) => runOf(i + 1, rank)) },
    environment: { code: "", node: "", platform: "", processor: "", threads: 1, packages: {} },
  });
  return faultsOfClaims(notebook, folder);
}

/** The cells with a text in place of another. */
const edited = (old: string, now: string) => {
  assert.ok(cells.some((cell) => cell.includes(old)));
  return cells.map((cell) => cell.replace(old, now));
};

test("committed claims that follow from the committed runs have no fault, whatever the profile of the tests", async () => {
  const before = process.env["WEIGHTSPACE_PROFILE"];
  process.env["WEIGHTSPACE_PROFILE"] = "smoke";
  process.env["WEIGHTSPACE_SET"] = "bound=1";
  try {
    assert.deepEqual(await faultsOf({}), []);
    assert.deepEqual(
      [process.env["WEIGHTSPACE_PROFILE"], process.env["WEIGHTSPACE_SET"]],
      ["smoke", "bound=1"],
    );
  } finally {
    delete process.env["WEIGHTSPACE_SET"];
    if (before === undefined) delete process.env["WEIGHTSPACE_PROFILE"];
    else process.env["WEIGHTSPACE_PROFILE"] = before;
  }
});

test("a number that the runs no longer give is a fault, on both sides", async () => {
  assert.deepEqual(await faultsOf({ ranks: [794, 795, 797] }), [
    "“The rank ends at 795.3, above 784.” follows from the runs, but is not committed",
    "“Its least is 794.” follows from the runs, but is not committed",
    "“The rank ends at 795.0, above 784.” is committed, but no longer follows from the runs",
    "“Its least is 793.” is committed, but no longer follows from the runs",
  ]);
});

test("a claim that the runs make false is a fault, even with the same text", async () => {
  // Mean 795 and least 793 as before, but an interval from 786.4 in place of 790.03.
  const ranks = [793, 793, 799];
  const [first, second, ...others] = await faultsOf({ ranks, sources: edited("params.bound,", "790,") });
  assert.equal(first, "“The rank ends at 795.0, above 784.” does not hold");
  assert.match(second!, /^“The rank ends at 795\.0, above 784\.”: interval is \{.*\}, committed \{.*\}$/);
  assert.deepEqual(others, []);
});

test("a text that was changed in the notebook or in the results is a fault", async () => {
  assert.deepEqual(await faultsOf({ sources: edited("Its least is", "The least is") }), [
    "“The least is 793.” follows from the runs, but is not committed",
    "“Its least is 793.” is committed, but no longer follows from the runs",
  ]);
  const typed = { ...least, text: "Its least is 792." };
  assert.deepEqual(await faultsOf({ claims: [crossing, typed], page: `${crossing.text} ${typed.text}` }), [
    "“Its least is 793.” follows from the runs, but is not committed",
    "“Its least is 792.” is committed, but no longer follows from the runs",
  ]);
});

test("evidence, n, interval and condition are compared, an interval up to rounding", async () => {
  const { low, high } = crossing.interval!;
  assert.deepEqual(await faultsOf({ claims: [crossing, { ...least, n: 2, evidence: "rank" }] }), [
    '“Its least is 793.”: evidence is "final rank", committed "rank"',
    "“Its least is 793.”: n is 3, committed 2",
  ]);
  const rounded = { ...crossing, interval: { low: low * (1 + 1e-12), high } };
  assert.deepEqual(await faultsOf({ claims: [rounded, least] }), []);
  const [fault] = await faultsOf({ claims: [{ ...crossing, interval: { low, high: high + 0.01 } }, least] });
  assert.match(fault!, /^“The rank ends at 795\.0, above 784\.”: interval is/);
  for (const holds of [false, "not checked"] as const) {
    assert.deepEqual(await faultsOf({ claims: [crossing, { ...least, holds }] }), [
      "“Its least is 793.” is committed as not holding",
    ]);
  }
});

test("a committed page without a claim and an answer that is no claim are faults", async () => {
  assert.deepEqual(await faultsOf({ page: crossing.text }), ["“Its least is 793.” is not on the page"]);
  const sources = edited(
    "answer.fill([crossing]",
    "answer.fill([crossing, { ...crossing, text: 'It is 9.' }]",
  );
  assert.deepEqual(await faultsOf({ sources }), ["“It is 9.” in the answer box is no claim"]);
});

test("a claim can be made only from runs that are committed", async () => {
  await assert.rejects(
    faultsOf({ ranks: [793, 795] }),
    /the run of \{"seed":3\} is not among the committed ones/,
  );
});

test("cells tagged example are left out, and a name is replaced in its namespace too", async () => {
  const example = 'throw new Error("an example was executed");';
  const sources = [...cells.slice(0, 2), example, ...cells.slice(2)].map((cell) =>
    cell
      .replace("meanInterval, parameters", "parameters, figures, models, stats")
      .replace("= meanInterval(", "= stats.meanInterval("),
  );
  sources[4] = `figures.lineFigure("no figure"); new models.MLP("no network");\n${sources[4]}`;
  const page = `${crossing.text}\n${least.text}`;
  const faults = await faultsOf({ sources, tags: { 1: ["parameters"], 2: ["example"] }, page });
  // The page is an output of the fourth cell, which is the same here.
  assert.deepEqual(faults, []);
});
