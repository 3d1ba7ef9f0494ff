import { join } from "node:path";
import type { ExperimentKey, FinishedRun, Parameters } from "../../../lib";
import type { ConfigValue } from "../../../lib/experiment/config";
import { readResults } from "../../../lib/experiment/results";
import { keyOf } from "../../../lib/experiment/run-key";
import type { Final } from "../../../lib/training/training";
import { executeCells, notebooksFolder, type Values } from "./notebook-source";
import { libraryWith, withoutDisplays, withoutStatistics, withoutTraining } from "./stand-ins";

type Config = Record<string, ConfigValue>;

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
  const standIns = libraryWith({
    ...withoutTraining,
    ...withoutDisplays,
    ...withoutStatistics,
    run: async (config: Config, experiment: ExperimentKey) => answer(config, experiment),
    runAll: async (configs: Config[], experiment: ExperimentKey) => {
      keysIn(experiment); // an experiment keeps its place where it has no configurations
      return configs.map((one) => answer(one, experiment));
    },
  });
  await executeCells(notebook, standIns, {
    inject(params) {
      inject(params);
      parameters = { ...params };
    },
  });
  return { parameters, keys, keysByExperiment: [...keysByExperiment.values()], keysOf };
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
    const { runs } = readResults(join(notebooksFolder, "results", `${notebook}.json`));
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
