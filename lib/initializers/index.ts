/**
 * Initializers of weights and layers, called as `name(shape, generator, options)`.
 *
 * @module
 */

export { constantBias, type LayerInitializer } from "./constant-bias";
export { convZerO } from "./conv-zero";
export { dirac } from "./dirac";
export { type Fans, fansOf } from "./fan";
export { hadamard } from "./hadamard";
export { kaimingNormal, kaimingUniform } from "./kaiming";
export { onE } from "./one-e";
export { partialIdentity } from "./partial-identity";
export { spray } from "./spray";
export { conv2dDefault, type LayerParameters, linearDefault } from "./torch-default";
export type { DenseShape, KernelShape } from "./weight-shape";
export { xavierUniform } from "./xavier";
export { type ZerOOptions, zerO } from "./zero";
