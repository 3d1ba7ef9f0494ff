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
export type { Parallel } from "./backend/native";
export { stopGradient } from "./backend/stop-gradient";
export { tf } from "./backend/tf";
export { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint/checkpoint";
export { composed, type SavedArray, type State, type Stateful } from "./checkpoint/state";
export { type NamedVariables, variablesState } from "./checkpoint/variables";
export { CIFAR10_CLASSES, CIFAR10_FEATURES, type Cifar10, loadCifar10 } from "./data/cifar10";
export { type Dataset, TensorDataset } from "./data/dataset";
export { EpochIterator } from "./data/epoch-iterator";
export type { FetchOptions } from "./data/fetch/dataset";
export type { TransferReport } from "./data/fetch/transfer-report";
export { ImageDataset, type ImageDatasetOptions } from "./data/image-dataset";
export type { LabelledImages } from "./data/labelled-images";
export { DataLoader, type DataLoaderOptions } from "./data/loader";
export { allDigits, loadMnist, type Mnist } from "./data/mnist";
export { oneHot } from "./data/one-hot";
export { withClasses, withPermutedPixels, withRandomLabels } from "./data/tasks";
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
export type { ConfigValue, ParameterValue } from "./experiment/config";
export {
  defineExperiment,
  type Experiment,
  type RunAllOptions,
  type RunContext,
  type RunOptions,
} from "./experiment/experiment";
export type { FinishedRun, RunProgress } from "./experiment/finished-run";
export { type Environment, type Results, type Run, writeResults } from "./experiment/results";
export type { ExperimentKey } from "./experiment/run-key";
export { RunStore, type RunStoreOptions } from "./experiment/run-store";
export { runsFrame } from "./experiment/runs-frame";
export * from "./figures";
export type { Json } from "./figures/json";
export { constantBias, type LayerInitializer } from "./initializers/constant-bias";
export { convZerO } from "./initializers/conv-zero";
export { type Fans, fansOf } from "./initializers/fan";
export { hadamard } from "./initializers/hadamard";
export { kaimingNormal, kaimingUniform } from "./initializers/kaiming";
export { onE } from "./initializers/one-e";
export { partialIdentity } from "./initializers/partial-identity";
export { spray } from "./initializers/spray";
export { conv2dDefault, type LayerParameters, linearDefault } from "./initializers/torch-default";
export type { DenseShape, KernelShape } from "./initializers/weight-shape";
export { xavierUniform } from "./initializers/xavier";
export { zerO } from "./initializers/zero";
export { cholesky } from "./linalg/cholesky";
export { eigh, eigvalsh } from "./linalg/eigh";
export { finiteDifferences, relativeError } from "./linalg/finite-differences";
export { type MatmulOptions, matmul } from "./linalg/matmul";
export type { Operand } from "./linalg/operand";
export { orthonormalize } from "./linalg/orthonormalize";
export { qr } from "./linalg/qr";
export { type Svd, svd } from "./linalg/svd";
export { applyWhitening, fitWhitening, type WhiteningMap, whiten } from "./linalg/whitening";
export { ConvNet, type ConvNetOptions, type ConvNetSizes } from "./models/feedback/conv-net";
export {
  type Feedback,
  FixedFeedback,
  ForeignFeedback,
  type LinearWeights,
  type MatrixShape,
  PooledFeedback,
  type PooledFeedbackOptions,
  ProjectedFeedback,
} from "./models/feedback/feedback";
export { SketchedFeedback } from "./models/feedback/sketched-feedback";
export {
  type WeightFeedbackNetName,
  type WeightFeedbackNetOptions,
  type WeightFeedbackSetting,
  weightFeedbackNet,
  weightFeedbackSettings,
} from "./models/feedback/weight-feedback-net";
export {
  gradientStep,
  type LayerGradients,
  LinearNetwork,
  layerGradients,
  normalMatrix,
  originalGradients,
  rms,
  squaredErrorLoss,
} from "./models/linear/linear-network";
export {
  type Covariances,
  covarianceGradients,
  covarianceLoss,
  covariances,
} from "./models/linear/linear-network-covariances";
export {
  type Modes,
  modeStrengths,
  modesOf,
  theoreticalStrength,
} from "./models/linear/linear-network-theory";
export type { FeedForwardOptions } from "./models/mlp/feed-forward";
export type { Layers, Perceptron } from "./models/mlp/layers";
export { LowRankMLP } from "./models/mlp/low-rank-mlp";
export { MaskedMLP } from "./models/mlp/masked-mlp";
export { MLP } from "./models/mlp/mlp";
export { AlongProjection } from "./models/subspace/along-projection";
export { type Architecture, perceptron } from "./models/subspace/architecture";
export { DenseProjection } from "./models/subspace/dense-projection";
export { FastfoodProjection } from "./models/subspace/fastfood-projection";
export { initialLeNetTheta, leNet } from "./models/subspace/le-net";
export {
  checkProjection,
  type MakeProjectionOptions,
  makeProjection,
  type ProjectionKind,
} from "./models/subspace/make-projection";
export type { Projection } from "./models/subspace/projection";
export { SparseProjection } from "./models/subspace/sparse-projection";
export { type InitialThetaOptions, initialTheta, type Part } from "./models/subspace/subspace-layout";
export { SubspaceNet, type SubspaceNetOptions } from "./models/subspace/subspace-net";
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
export { resultsFolder, saveResults } from "./notebook/results";
export { run, runAll } from "./notebook/run";
export { Adam, type AdamOptions } from "./optim/adam";
export { AdamW } from "./optim/adamw";
export {
  type Gradients,
  type GroupOptions,
  Optimizer,
  type ParameterGroup,
  type Scalars,
  type ScalarVectors,
  type Scheduler,
  type Slot,
} from "./optim/optimizer";
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./optim/reduce-lr-on-plateau";
export { SGD, type SGDOptions } from "./optim/sgd";
export { StepLR, type StepLROptions } from "./optim/step-lr";
export { RandomState } from "./random/numpy";
export { TorchGenerator } from "./random/torch";
export { type ConvolutionSpectra, convolutionSpectrum } from "./rank/convolution-spectrum";
export { effectiveRank } from "./rank/effective-rank";
export { energyRank } from "./rank/energy-rank";
export { type LayeredModel, layerMetrics, type NamedLayers, type SpectralMetric } from "./rank/layer-metrics";
export { type MatrixRankOptions, matrixRank } from "./rank/matrix-rank";
export {
  type LayerRank,
  type NetworkRank,
  type NetworkRankOptions,
  networkRank,
  type RankCount,
  type RankMetric,
} from "./rank/network-rank";
export { type NormalizedRankOptions, normalizedRank } from "./rank/normalized-rank";
export { nuclearRank } from "./rank/nuclear-rank";
export { participationRatio } from "./rank/participation-ratio";
export { singularValues } from "./rank/singular-values";
export { spectralNorm } from "./rank/spectral-norm";
export { Spectrum, spectrum, type Tolerances } from "./rank/spectrum";
export { stableRank } from "./rank/stable-rank";
export { type Settings, useSettings } from "./settings/settings";
export { intervalText } from "./statistics/interval-text";
export { linearCka } from "./statistics/linear-cka";
export { type Interval, meanInterval, pairedDifference } from "./statistics/mean-interval";
export { type PermutationTest, permutationTest } from "./statistics/permutation-test";
export { type Correlation, spearman } from "./statistics/rank-correlation";
export { CustomTraining, type CustomTrainingOptions } from "./training/custom-training";
export { type Batches, type EvaluateOptions, evaluate } from "./training/evaluate";
export { type CrossEntropyOptions, crossEntropy } from "./training/loss";
export { accuracy, meanSquaredError } from "./training/metrics";
export type { Model } from "./training/model";
export { type Evolving, RankEvolution, type RankEvolutionOptions } from "./training/rank-evolution";
export type { Loss, Metric, Scores } from "./training/scores";
export { stepTime } from "./training/step-time";
export { type Trained, type TrainOptions, train } from "./training/train";
export {
  type Evaluate,
  type Position,
  Trainer,
  type TrainerOptions,
  type TrainerProgress,
} from "./training/trainer";
export type { Final, Row, Training } from "./training/training";
