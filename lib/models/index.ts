/**
 * The networks of the notebooks.
 *
 * @module
 */

export {
  type BatchNormOptions,
  type BatchNormVariables,
  batchNorm,
  batchNormVariables,
} from "./batch-norm/batch-norm";
export { ConvNet, type ConvNetOptions, type ConvNetSizes } from "./feedback/conv-net";
export {
  type Feedback,
  FixedFeedback,
  ForeignFeedback,
  type LinearWeights,
  type MatrixShape,
  PooledFeedback,
  type PooledFeedbackOptions,
  ProjectedFeedback,
} from "./feedback/feedback";
export { SketchedFeedback } from "./feedback/sketched-feedback";
export {
  type WeightFeedbackNetName,
  type WeightFeedbackNetOptions,
  type WeightFeedbackSetting,
  weightFeedbackNet,
  weightFeedbackSettings,
} from "./feedback/weight-feedback-net";
export {
  gradientStep,
  type LayerGradients,
  LinearNetwork,
  layerGradients,
  normalMatrix,
  originalGradients,
  rms,
  squaredErrorLoss,
} from "./linear/linear-network";
export {
  type Covariances,
  covarianceGradients,
  covarianceLoss,
  covariances,
} from "./linear/linear-network-covariances";
export {
  type Modes,
  modeStrengths,
  modesOf,
  theoreticalStrength,
} from "./linear/linear-network-theory";
export type { FeedForwardOptions } from "./mlp/feed-forward";
export type { Layers, Perceptron } from "./mlp/layers";
export { LowRankMLP } from "./mlp/low-rank-mlp";
export { MaskedMLP } from "./mlp/masked-mlp";
export { MLP } from "./mlp/mlp";
export type { KernelInitializer, KernelRole } from "./resnet/kernel-initializer";
export type { ResNetOptions, Shortcut } from "./resnet/options";
export { ResNet } from "./resnet/res-net";
export { AlongProjection } from "./subspace/along-projection";
export { type Architecture, perceptron } from "./subspace/architecture";
export { DenseProjection } from "./subspace/dense-projection";
export { FastfoodProjection } from "./subspace/fastfood-projection";
export { initialLeNetTheta, leNet } from "./subspace/le-net";
export {
  checkProjection,
  type MakeProjectionOptions,
  makeProjection,
  type ProjectionKind,
} from "./subspace/make-projection";
export type { Projection } from "./subspace/projection";
export { SparseProjection } from "./subspace/sparse-projection";
export { type InitialThetaOptions, initialTheta, type Part } from "./subspace/subspace-layout";
export { SubspaceNet, type SubspaceNetOptions } from "./subspace/subspace-net";
