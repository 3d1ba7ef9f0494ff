export { tf } from "./backend/tf";
export { DataLoader, type DataLoaderOptions } from "./data/loader";
export { allDigits, type LabelledImages, loadMnist, type Mnist } from "./data/mnist";
export { oneHot } from "./data/one-hot";
export { applyWhitening, fitWhitening, type WhiteningMap, whiten } from "./data/whitening";
export * from "./figures";
export { type Fans, fansOf } from "./initializers/fan";
export { kaimingNormal, kaimingUniform } from "./initializers/kaiming";
export { conv2dDefault, type LayerParameters, linearDefault } from "./initializers/torch-default";
export { xavierUniform } from "./initializers/xavier";
export {
  documentGradients,
  gradientStep,
  type LayerGradients,
  LinearNetwork,
  layerGradients,
  normalMatrix,
  rms,
  squaredErrorLoss,
} from "./models/linear-network";
export {
  type Covariances,
  covarianceGradients,
  covarianceLoss,
  covariances,
} from "./models/linear-network-covariances";
export { type Modes, modeStrengths, modesOf, theoreticalStrength } from "./models/linear-network-theory";
export { type Displayable, display } from "./notebook/display";
export { type Environment, environment } from "./notebook/environment";
export { type Host, host, jupyterDisplay, type MimeBundle } from "./notebook/host";
export { keyResult } from "./notebook/key-result";
export { live } from "./notebook/live";
export {
  type Parameters,
  type ParameterValue,
  type Profile,
  parameters,
  profile,
} from "./notebook/parameters";
export { InterruptedError, type ProgressOptions, steps } from "./notebook/progress";
export { type RecipeOptions, recipe } from "./notebook/recipe";
export { finiteDifferences, relativeError } from "./numerics/finite-differences";
export { RandomState } from "./random/numpy";
export { TorchGenerator } from "./random/torch";
export { type Results, type Run, resultsFolder, saveResults } from "./training/results";
