/**
 * Matrix products, decompositions and whitening.
 *
 * @module
 */

export { cholesky } from "./cholesky";
export { eigh, eigvalsh } from "./eigh";
export { finiteDifferences, relativeError } from "./finite-differences";
export { type MatmulOptions, matmul } from "./matmul";
export type { Operand } from "./operand";
export { orthonormalize } from "./orthonormalize";
export { qr } from "./qr";
export { type Svd, svd } from "./svd";
export { applyWhitening, fitWhitening, type WhiteningMap, whiten } from "./whitening";
