export { tf } from "./backend/tf";
export { allDigits, type LabelledImages, loadMnist, type Mnist } from "./data/mnist";
export { oneHot } from "./data/one-hot";
export { applyWhitening, fitWhitening, type WhiteningMap, whiten } from "./data/whitening";
export * from "./figures";
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
export { type Results, type Run, resultsFolder, saveResults } from "./training/results";
