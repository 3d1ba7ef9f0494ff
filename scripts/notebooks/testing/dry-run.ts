import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import type { ExperimentKey, FinishedRun, Parameters, ParameterValue } from "../../../lib";
import * as lib from "../../../lib";
import { digestsOf } from "../../../lib/data/fetch/manifest";
import type { ConfigValue } from "../../../lib/experiment/config";
import type { Results } from "../../../lib/experiment/results";
import { keyOf } from "../../../lib/experiment/run-key";
import { projectFolder } from "../../../lib/notebook/project";
import type { Final } from "../../../lib/training/training";

export type Values = Record<string, ParameterValue>;
type Config = Record<string, ConfigValue>;
interface Source {
  /** The text of all code cells, with a call of `inject` after the parameters' one. */
  cells: string;
  /** JavaScript of them. */
  code: string;
  /** The text of the cell tagged `parameters`. */
  parametersCell: string;
}

/** What a notebook would train under some parameters. */
export interface DryRun {
  parameters: Values;
  /** The keys of all runs that it asks for, in order. */
  keys: string[];
  /** For each experiment, in the order in which they are first asked, the key of each configuration, written as JSON. */
  keysByExperiment: Map<string, string>[];
  /** The keys of each configuration, written as JSON: one for each experiment that trains it. */
  keysOf: Map<string, string[]>;
}

const requireHere = createRequire(__filename);
const AsyncFunction = (async () => undefined).constructor as new (
  ...names: string[]
) => (...values: unknown[]) => Promise<void>;

/**
 * Executes a notebook's cells in order, with training, figures and displays replaced by stand-ins: a run that is asked
 * for is answered by the committed one whose configuration is the most like its own.
 *
 * @param notebook Its name, such as `03-zero-initialization`.
 * @param inject Called between the parameters cell and the next one, where papermill puts its own cell.
 */
export async function dryRun(
  notebook: string,
  inject: (params: Parameters<Values>) => void = () => undefined,
): Promise<DryRun> {
  const keys: string[] = [];
  const keysOf = new Map<string, string[]>();
  const keysByExperiment = new Map<ExperimentKey, Map<string, string>>();
  const keysIn = (experiment: ExperimentKey) => {
    const known = keysByExperiment.get(experiment) ?? new Map<string, string>();
    keysByExperiment.set(experiment, known);
    return known;
  };
  let parameters: Values = {};
  const answer = (config: Config, experiment: ExperimentKey) => {
    const key = keyOf(config, experiment);
    keys.push(key);
    const text = JSON.stringify(config);
    keysIn(experiment).set(text, key);
    keysOf.set(text, [...(keysOf.get(text) ?? []), key]);
    return mostAlike(notebook, config, { key, kind: Object.keys(experiment.settings).join() });
  };
  const standIns = {
    ...lib,
    ...silent,
    run: async (config: Config, experiment: ExperimentKey) => answer(config, experiment),
    runAll: async (configs: Config[], experiment: ExperimentKey) => {
      keysIn(experiment); // an experiment keeps its place where it has no configurations
      return configs.map((one) => answer(one, experiment));
    },
  };
  const execute = new AsyncFunction("lib", "require", "inject", sourceOf(notebook).code);
  await execute(standIns, requireHere, (params: Parameters<Values>) => {
    inject(params);
    parameters = { ...params };
  });
  return { parameters, keys, keysByExperiment: [...keysByExperiment.values()], keysOf };
}

/** The parameters alone, as the cells before the first import of data would see them. */
export function parametersOf(notebook: string, inject: (params: Parameters<Values>) => void): Values {
  const javascript = ts.transpile(sourceOf(notebook).parametersCell, { target: ts.ScriptTarget.ES2022 });
  const params: Parameters<Values> = new Function("parameters", `${javascript}\nreturn params;`)(
    lib.parameters,
  );
  inject(params);
  return { ...params };
}

/** The TypeScript of a notebook's code cells. */
export function cellsOf(notebook: string): string {
  return sourceOf(notebook).cells;
}

/** The statements of a notebook's parameters cell. */
export function parameterStatements(notebook: string): string[] {
  const file = ts.createSourceFile("cell.ts", sourceOf(notebook).parametersCell, ts.ScriptTarget.ES2022);
  return file.statements.map((statement) => statement.getText(file));
}

const sources = new Map<string, Source>();

function sourceOf(notebook: string): Source {
  const known = sources.get(notebook);
  if (known) return known;
  const { cells } = JSON.parse(readFileSync(join(projectFolder, "notebooks", `${notebook}.ipynb`), "utf8"));
  let parametersCell = "";
  const texts = cells
    .filter((cell: { cell_type: string }) => cell.cell_type === "code")
    .map(({ source, metadata }: { source: string[]; metadata: { tags?: string[] } }) => {
      const text = source.join("");
      if (!metadata.tags?.includes("parameters")) return text;
      parametersCell = text;
      return `${text}\ninject(params);`;
    });
  const all = texts.join("\n");
  const made = { cells: all, code: asFunctionBody(all), parametersCell };
  sources.set(notebook, made);
  return made;
}

/** JavaScript of a notebook's cells, with its imports as destructured objects. */
function asFunctionBody(cells: string): string {
  const withoutImports = cells.replace(
    /^import\s+\{([^}]*)\}\s+from\s+"([^"]+)";/gm,
    (_, names: string, module: string) => {
      const values = names.split(",").filter((name) => name.trim() && !/^\s*type\s/.test(name));
      return `const {${values.join(",")}} = ${module === "../lib" ? "lib" : `require("${module}")`};`;
    },
  );
  const module = `async function notebook() {\n${withoutImports}\n}`;
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  return `${ts.transpile(module, options)}\nreturn notebook();`;
}

const committed = new Map<string, FinishedRun<Final>[]>();
/** The experiment of each committed run that was asked for, told by the names of its settings. */
const kinds = new Map<string, string>();

function mostAlike(
  notebook: string,
  config: Config,
  { key, kind }: { key: string; kind: string },
): FinishedRun<Final> {
  kinds.set(key, kind);
  if (!committed.has(notebook)) {
    const file = join(projectFolder, "notebooks", "results", `${notebook}.json`);
    const { runs }: Results = JSON.parse(readFileSync(file, "utf8"));
    committed.set(notebook, runs as FinishedRun<Final>[]);
  }
  const isSame = (a: ConfigValue | undefined, b: ConfigValue | undefined) =>
    a === b || (Array.isArray(a) && `${a}` === `${b}`);
  const likeness = (other: Config) =>
    Object.keys(config).filter((name) => isSame(other[name], config[name])).length -
    Object.keys(other).length / 100;
  const all = committed.get(notebook)!;
  const ofKind = all.filter((run) => kinds.get(run.key) === kind);
  const runs = ofKind.length > 0 ? ofKind : all;
  const best = runs.reduce((most, one) => (likeness(one.config) > likeness(most.config) ? one : most));
  return { ...best, config };
}

/** A figure, table or live display that shows nothing. */
const shown = {
  data: [],
  layout: {},
  save: async () => undefined,
  update: async () => undefined,
  refresh: async () => undefined,
  finish: async () => undefined,
};

/** A model, training or step that does nothing. */
class Idle {
  readonly steps = 0;
  readonly done = 0;
  readonly parameters: Record<string, unknown> = new Proxy({}, { get: () => "a tensor", ownKeys: () => [] });
  readonly theta = () => ({ dataSync: () => new Float32Array(1) });
  readonly scan = () => [{ dataSync: () => new Float32Array(1) }];
  readonly dispose = () => undefined;
}

/** Images by their number alone. */
class CountedImages {
  readonly count: number;
  constructor(data: { count: number }, { count = data.count }: { count?: number } = {}) {
    this.count = count;
  }
}

const interval = { mean: 0, low: 0, high: 0 };
const idle = () => new Idle();
const unchanged = <T>(data: T) => data;
let mnist: ReturnType<typeof lib.loadMnist> | undefined;

/** What a dry run leaves out: training, drawing, measuring times, slow statistics. */
const silent = {
  Adam: Idle,
  SGD: Idle,
  Trainer: Idle,
  SubspaceNet: Idle,
  MLP: Idle,
  weightFeedbackNet: idle,
  ImageDataset: CountedImages,
  makeProjection: idle,
  compile: idle,
  withPermutedPixels: unchanged,
  withRandomLabels: unchanged,
  initialTheta: () => new Float32Array(1),
  initialLeNetTheta: () => new Float32Array(1),
  lineFigure: () => shown,
  heatmapFigure: () => shown,
  figure: () => shown,
  spectrumFigure: () => shown,
  rankHeatmap: () => shown,
  table: () => shown,
  folded: () => shown,
  display: async () => shown,
  live: async () => shown,
  keyResult: () => shown,
  recipe: () => shown,
  saveResults: () => "",
  stepTime: () => 1,
  linearCka: () => 1,
  permutationTest: () => ({ within: 1, between: 1, p: 1 }),
  spearman: () => ({ correlation: 0, low: 0, high: 0 }),
  meanInterval: () => interval,
  pairedDifference: () => interval,
  loadMnist() {
    mnist ??= lib.loadMnist();
    return mnist;
  },
  loadCifar10: async () => ({
    train: { count: 50000 },
    test: { count: 10000 },
    sha256: digestsOf("cifar10"),
  }),
};
