// The library reads no environment variable by itself: this names who answers when it asks for a setting.
import "./notebook/use-environment";

export { Matrix } from "ml-matrix";
export { type Backend, backend, backendText } from "./backend/backend";
export {
  type CompilableStep,
  type CompiledStep,
  type CompileOptions,
  compile,
  NotFiniteError,
  type StepOutputs,
} from "./backend/compile/compile";
export type { Parallel } from "./backend/parallel";
export { stopGradient } from "./backend/stop-gradient";
export { tf } from "./backend/tf";
export { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint/checkpoint";
export { composed, type SavedArray, type State, type Stateful } from "./checkpoint/state";
export { type NamedVariables, variablesState } from "./checkpoint/variables";
export * from "./data";
export * as data from "./data";
export { type Displayable, type DisplayHandle, display } from "./display/display";
export { folded } from "./display/folded";
export { type Host, host, jupyterDisplay, type MimeBundle } from "./display/host";
export { live } from "./display/live";
export { InterruptedError, type ProgressOptions, progress } from "./display/progress";
export {
  type CellFormat,
  type Columns,
  type DataFrameLike,
  Table,
  type TableCell,
  type TableOptions,
  type TableRow,
  table,
} from "./display/table";
export type { Claim } from "./experiment/claim";
export type { Config, ConfigValue, ParameterValue, SharedSettings } from "./experiment/config";
export {
  defineExperiment,
  type Experiment,
  type ExperimentModule,
  type RunAllOptions,
  type RunContext,
  type RunOptions,
} from "./experiment/experiment";
export { RunsFailedError } from "./experiment/failed-attempts";
export type { FinishedRun, RunProgress } from "./experiment/finished-run";
export type { RunFiles } from "./experiment/record";
export { type Environment, type Results, type Run, readResults, writeResults } from "./experiment/results";
export type { ExperimentKey } from "./experiment/run-key";
export { runLogs } from "./experiment/run-logs";
export { RunStore, type RunStoreOptions } from "./experiment/run-store";
export { runsFrame } from "./experiment/runs-frame";
export * from "./figures";
export * as figures from "./figures";
export * from "./initializers";
export * as init from "./initializers";
export * from "./linalg";
export * as linalg from "./linalg";
export * from "./models";
export * as models from "./models";
export { type AnswerBox, type AnswerOptions, answerBox } from "./notebook/answer-box";
export { type ClaimOptions, Claims } from "./notebook/claims";
export { environment } from "./notebook/environment";
export { keyResult } from "./notebook/key-result";
export {
  type Parameters,
  type Profile,
  parameters,
  profile,
  type Widened,
} from "./notebook/parameters";
export { type RecipeOptions, recipe } from "./notebook/recipe";
export { type Reference, readReference } from "./notebook/reference";
export { type NotebookResults, resultsFolder, saveResults } from "./notebook/results";
export { type NotebookRunOptions, run, runAll, trainedModel } from "./notebook/run";
export * from "./optim";
export * as optim from "./optim";
export { RandomState } from "./random/numpy";
export { TorchGenerator } from "./random/torch";
export * from "./rank";
export * as rank from "./rank";
export { type Settings, useSettings } from "./settings/settings";
export * from "./statistics";
export * as stats from "./statistics";
export { CustomTraining, type CustomTrainingOptions } from "./training/custom-training";
export { type Batches, type EvaluateOptions, evaluate } from "./training/evaluate";
export { testLine, trainLine } from "./training/log-lines";
export { type CrossEntropyOptions, crossEntropy } from "./training/loss";
export { accuracy, meanSquaredError } from "./training/metrics";
export type { Model } from "./training/model";
export { type Evolving, RankEvolution, type RankEvolutionOptions } from "./training/rank-evolution";
export type { Loss, Metric, Scores } from "./training/scores";
export { stepTime } from "./training/step-time";
export { type Trained, type TrainOptions, train } from "./training/train";
export { Trainer } from "./training/trainer";
export type { Evaluate, Position, TrainerOptions, TrainerProgress } from "./training/trainer-options";
export type { Final, Row, Training } from "./training/training";
