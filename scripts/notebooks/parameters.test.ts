import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { ParameterValue } from "../../lib";
import { projectFolder } from "../../lib/notebook/project";
import { type DryRun, dryRun } from "./replay/dry-run";
import { cellsOf, parameterStatements, parametersOf, type Values } from "./replay/notebook-source";
import { quietly } from "./replay/quietly";
import { parametersRead } from "./testing/parameters-read";

/**
 * How each parameter bears on the runs of its notebook in the full profile: `all` changes the key of every run, `some`
 * changes which runs there are or the keys of a part of them, `none` only what is computed from finished runs.
 */
const effects: Record<string, Record<string, "all" | "some" | "none">> = {
  "00-subspace-training": {
    inputDim: "all",
    hiddenDim: "all",
    targetDim: "all",
    deviations: "all",
    batchSize: "all",
    omegaDims: "some",
    lr: "all",
    betas: "all",
    testEvery: "all",
    epochs: "all",
    examples: "all",
    logEvery: "all",
    rankEvery: "all",
    seeds: "some",
    projections: "some",
    projectionDims: "some",
    fastfoodDims: "some",
    affineDims: "some",
    costDims: "none",
    share: "some",
    bracket: "some",
    leNetBracket: "some",
    leNetSeeds: "some",
    confirmSeeds: "some",
    resolution: "some",
  },
  "01-convergent-rank": {
    inputSize: "all",
    hiddenSizeBase: "some",
    numClasses: "some",
    numEpochs: "some",
    smallBatchSize: "some",
    largeBatchSize: "some",
    lr: "some",
    modelLayerConfigs: "some",
    evolutions: "some",
    metricsEvery: "some",
    logEvery: "some",
    threshold: "some",
    weightDecay: "some",
    decays: "some",
    tolerance: "some",
    seed: "some",
    examples: "some",
    testExamples: "all",
    nets: "some",
    depths: "some",
    widths: "some",
    netDecays: "some",
    netLr: "some",
    momentum: "some",
    netEpochs: "some",
    taskNets: "some",
    taskWidth: "some",
    taskExamples: "some",
    taskEpochs: "some",
    longEpochs: "some",
    taskBatchSize: "some",
    taskSeeds: "some",
    probes: "some",
    components: "some",
    pruneEvolutions: "some",
    pruneSeeds: "some",
    smallWidth: "some",
  },
  "02-weight-feedback": {
    batchSize: "all",
    testBatchSize: "all",
    lr: "all",
    momentum: "all",
    logInterval: "all",
    seed: "some",
    epochs: "some",
    cifarEpochs: "some",
    examples: "some",
    cifarExamples: "some",
    testExamples: "all",
    seeds: "some",
    cifarSeeds: "some",
    denseSeeds: "some",
    smallest: "none",
  },
  "03-zero-initialization": {
    widths: "some",
    leftWidth: "some",
    rightWidth: "some",
    bias: "some",
    epochs: "some",
    paperEpochs: "some",
    examples: "some",
    batchSize: "some",
    testBatchSize: "some",
    lr: "some",
    stepSize: "some",
    gamma: "some",
    seed: "some",
    otherSeeds: "some",
    paperSeeds: "some",
    logInterval: "some",
    rankTolerance: "some",
    tolerances: "some",
    cifarExamples: "some",
    cifarValidation: "some",
    cifarTestExamples: "some",
    cifarBatchSize: "some",
    cifarLrs: "some",
    cifarLrEpochs: "some",
    cifarEpochs: "some",
    cifarStepSize: "some",
    cifarSeeds: "some",
    momentum: "some",
    weightDecay: "some",
    plainBlocks: "some",
    plainWidths: "some",
    plainExamples: "some",
    plainLrs: "some",
    plainEpochs: "some",
  },
};

/** What the trainings of each experiment are handed, in the order in which the notebook first asks for their runs. */
const handed: Record<string, string[][]> = {
  "00-subspace-training": [
    [
      ...[
        "inputDim",
        "hiddenDim",
        "targetDim",
        "deviations",
        "batchSize",
        "lr",
        "betas",
        "testEvery",
        "epochs",
      ],
      ...["examples", "logEvery", "rankEvery"],
    ],
  ],
  "01-convergent-rank": [
    [
      ...["smallBatchSize", "largeBatchSize", "lr", "metricsEvery", "logEvery", "threshold", "numEpochs"],
      ...["tolerance", "examples", "testExamples", "inputSize", "numClasses"],
    ],
    [
      ...["netLr", "momentum", "netEpochs", "largeBatchSize", "examples", "testExamples", "inputSize"],
      ...["numClasses", "probes", "components"],
    ],
    ...["taskEpochs", "longEpochs"].map((epochs) => [
      ...[epochs, "netLr", "momentum", "taskBatchSize", "taskExamples", "testExamples", "inputSize"],
    ]),
  ],
  "02-weight-feedback": ["examples", "cifarExamples"].map((examples) => [
    ...[examples, "testExamples", "batchSize", "testBatchSize", "lr", "momentum", "logInterval"],
  ]),
  "03-zero-initialization": [
    [
      ...["bias", "examples", "batchSize", "testBatchSize", "lr", "stepSize", "gamma", "logInterval"],
      ...["rankTolerance", "tolerances"],
    ],
    [
      ...["cifarExamples", "cifarValidation", "cifarTestExamples", "plainExamples", "cifarBatchSize"],
      ...["cifarStepSize", "momentum", "weightDecay", "plainBlocks", "plainWidths"],
    ],
  ],
};

/** The parameters of the data sets, which are made once for all trainings, by experiment in the order of the source. */
const ofData: Record<string, string[][]> = {
  "00-subspace-training": [["examples"]],
  "01-convergent-rank": [["examples", "testExamples"], ["examples", "testExamples"], ["inputSize"]],
  "02-weight-feedback": [["cifarExamples", "examples", "testExamples"]],
  "03-zero-initialization": [
    ["examples"],
    ["cifarExamples", "cifarTestExamples", "cifarValidation", "plainExamples"],
  ],
};

/** Asserts that a parameter has changed the key of a configuration exactly where its training is handed it. */
function assertKeysFollow(notebook: string, name: string, [before, after]: [DryRun, DryRun]): void {
  assert.equal(before.keysByExperiment.length, handed[notebook]!.length);
  assert.equal(after.keysByExperiment.length, handed[notebook]!.length);
  for (const [i, keys] of before.keysByExperiment.entries()) {
    const isHanded = handed[notebook]![i]!.includes(name);
    const both = [...keys].filter(([config]) => after.keysByExperiment[i]!.has(config));
    assert.ok(both.length > 0 || !isHanded, `${name}: experiment ${i} is asked for the same configurations`);
    for (const [config, key] of both) {
      const isChanged = after.keysByExperiment[i]!.get(config) !== key;
      assert.equal(isChanged, isHanded, `${name}: the key of ${config} in experiment ${i}`);
    }
  }
}

/** Another value of the same type, with which the notebook still makes sense. */
function changed(name: string, value: ParameterValue): ParameterValue {
  const special: Record<string, ParameterValue> = {
    seed: 99,
    probes: 64,
    share: 0.5,
    taskNets: 2,
    taskWidth: 300,
    hiddenSizeBase: 700,
    projections: ["sparse"],
    resolution: 1.5,
    bracket: [200, 900],
    leNetBracket: [90, 600],
  };
  if (name in special) return special[name]!;
  if (Array.isArray(value)) {
    const last = value.at(-1);
    return typeof last === "number" ? [...(value.slice(0, -1) as number[]), next(last)] : value.slice(0, -1);
  }
  return typeof value === "number" ? next(value) : !value;
}

const next = (value: number) => (Number.isInteger(value) ? value + 1 : value * 1.5);

function withSetting<T>(overrides: Values, work: () => T): T {
  process.env["WEIGHTSPACE_SET"] = JSON.stringify(overrides);
  try {
    return work();
  } finally {
    delete process.env["WEIGHTSPACE_SET"];
  }
}

process.env["WEIGHTSPACE_PROFILE"] = "full";

const notebooks = readdirSync(join(projectFolder, "notebooks"))
  .filter((file) => /^\d\d-.*\.ipynb$/.test(file))
  .map((file) => file.replace(".ipynb", ""));

for (const notebook of notebooks) {
  test(`${notebook}: the parameters cell holds nothing but the parameters`, () => {
    const [declaration, ...others] = parameterStatements(notebook);
    assert.match(declaration!, /^const params = parameters\(/);
    assert.deepEqual(others, []);
  });

  test(`${notebook}: an override by papermill's cell and one by WEIGHTSPACE_SET give the same parameters`, () => {
    const originals = parametersOf(notebook, () => undefined);
    for (const [name, value] of Object.entries(originals)) {
      const override = { [name]: changed(name, value) };
      const injected = parametersOf(notebook, (params) => params.set(override));
      const set = withSetting(override, () => parametersOf(notebook, () => undefined));
      assert.deepEqual(injected, { ...originals, ...override });
      assert.deepEqual(set, injected);
    }
  });
}

for (const [notebook, ofNotebook] of Object.entries(effects)) {
  test(`${notebook}: a parameter changes the keys of the runs that depend on it`, async () => {
    const original = await quietly(() => dryRun(notebook));
    assert.deepEqual(Object.keys(ofNotebook).sort(), Object.keys(original.parameters).sort());
    const found: Record<string, string> = {};
    for (const [name, value] of Object.entries(original.parameters)) {
      const override = { [name]: changed(name, value) };
      const other = await quietly(() => dryRun(notebook, (params) => params.set(override)));
      assertKeysFollow(notebook, name, [original, other]);
      const { keys } = other;
      const kept = keys.filter((key) => original.keys.includes(key)).length;
      const isSame = kept === keys.length && keys.length === original.keys.length;
      found[name] = isSame ? "none" : kept === 0 ? "all" : "some";
    }
    assert.deepEqual(found, ofNotebook);
  });

  test(`${notebook}: a training reads no parameter but those it is handed and those of its data, which are in its key`, () => {
    const read = parametersRead(cellsOf(notebook));
    assert.deepEqual(read, ofData[notebook]);
    const inKeys = handed[notebook]!.flat();
    for (const name of read.flat()) assert.ok(inKeys.includes(name), name);
  });

  test(`${notebook}: every committed run is asked for by the key under which it is stored`, async () => {
    const { keys } = await quietly(() => dryRun(notebook));
    const { runs } = require(`../../notebooks/results/${notebook}.json`);
    const stored: string[] = runs.map(({ key }: { key: string }) => key);
    assert.deepEqual([...new Set(keys)].sort(), stored.sort());
  });
}

test("00-subspace-training: the order of the seeds decides whose spectra are kept, and the keys follow it", async () => {
  const keysWith = async (seeds: number[]) =>
    (await quietly(() => dryRun("00-subspace-training", (params) => params.set({ seeds })))).keys;
  const [inOrder, reversed] = [await keysWith([123, 124]), await keysWith([124, 123])];
  assert.ok(reversed.some((key) => !inOrder.includes(key)));
});
