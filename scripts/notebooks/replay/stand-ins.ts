import * as lib from "../../../lib";
import { digestsOf } from "../../../lib/data/fetch/manifest";

/**
 * The library with some of its names replaced, also in the namespaces that export them: a notebook may write
 * `new MLP(…)` or `new models.MLP(…)`.
 */
export function libraryWith(replaced: Record<string, unknown>): object {
  const namespaces = Object.entries(lib).filter(([name, value]) => isNamespace(name, value));
  const names = new Set(Object.keys(replaced));
  const withReplaced = namespaces.map(([name, members]) => [
    name,
    Object.fromEntries(
      Object.entries(members as object).map(([key, value]) => [key, names.has(key) ? replaced[key] : value]),
    ),
  ]);
  return { ...lib, ...Object.fromEntries(withReplaced), ...replaced };
}

/** Whether an export is a namespace of exports, such as `models`, and not a value of its own, such as `tf`. */
const isNamespace = (name: string, value: unknown) =>
  typeof value === "object" &&
  value !== null &&
  name !== "tf" &&
  Object.keys(value).every((key) => key in lib);

/** A figure, table or live display that shows nothing. */
const shown = {
  data: [],
  layout: {},
  save: async () => undefined,
  update: async () => undefined,
  fill: async () => undefined,
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

const idle = () => new Idle();
const unchanged = <T>(data: T) => data;
let mnist: ReturnType<typeof lib.loadMnist> | undefined;

/** Replaces training, its data's pixels and the measuring of times. */
export const withoutTraining = {
  Adam: Idle,
  SGD: Idle,
  Trainer: Idle,
  SubspaceNet: Idle,
  MLP: Idle,
  ResNet: Idle,
  weightFeedbackNet: idle,
  ImageDataset: CountedImages,
  makeProjection: idle,
  compile: idle,
  withPermutedPixels: unchanged,
  withRandomLabels: unchanged,
  initialTheta: () => new Float32Array(1),
  initialLeNetTheta: () => new Float32Array(1),
  stepTime: () => 1,
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

/** Replaces figures, tables and all else that is displayed or saved. */
export const withoutDisplays = {
  lineFigure: () => shown,
  heatmapFigure: () => shown,
  linePanels: () => shown,
  imageGrid: () => shown,
  schematic: () => shown,
  figure: () => shown,
  spectrumFigure: () => shown,
  rankHeatmap: () => shown,
  table: () => shown,
  folded: () => shown,
  runLogs: () => shown,
  display: async () => shown,
  live: async () => shown,
  answerBox: async () => shown,
  keyResult: () => shown,
  recipe: () => shown,
  saveResults: () => "",
};

/** Claims of runs that are not those that the notebook asked for, so that nothing is checked. */
class UncheckedClaims {
  readonly add = unchanged;
  readonly list = () => [];
  readonly table = () => shown;
}

const INTERVAL = { mean: 0, low: 0, high: 0 };

/** Replaces statistics, which take long and say nothing about answers that stand in for other runs. */
export const withoutStatistics = {
  Claims: UncheckedClaims,
  linearCka: () => 1,
  permutationTest: () => ({ within: 1, between: 1, p: 1 }),
  spearman: () => ({ correlation: 0, low: 0, high: 0 }),
  meanInterval: () => INTERVAL,
  pairedDifference: () => INTERVAL,
};
