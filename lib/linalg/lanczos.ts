import { RandomState } from "../random/numpy";
import type { Product } from "./gram-product";
import { dot, length, orthogonalize, subtract } from "./vectors";

/** The largest probability over starting vectors that the largest eigenvalue lies outside its bracket. */
const RISK = 1e-9;
/** The seed of the starting vector, unlikely to be a user's, from which a row of the matrix may be drawn. */
const SEED = 1_618_033_988;
const MOST_STEPS = 200;
const STEPS_BETWEEN_CHECKS = 4;

/** A bracket of the largest eigenvalue of a matrix. */
export interface Bracket {
  /** A lower bound of the largest eigenvalue, a Rayleigh quotient. */
  low: number;
  /** An upper bound of the largest eigenvalue, which fails with probability 1e-9. */
  high: number;
  /** The unit vector [size] with that Rayleigh quotient. */
  vector: Float64Array;
}

/**
 * Brackets the largest eigenvalue of a symmetric positive semidefinite matrix C by Lanczos's method.
 *
 * From a random starting vector v₁ the method computes orthonormal vectors vⱼ₊₁ = pⱼ(C)·v₁, where pⱼ is a polynomial of
 * degree j that grows beyond the eigenvalues of the tridiagonal matrix VᵀCV. For a unit eigenvector x of C with
 * eigenvalue λ, |xᵀvⱼ₊₁| = |pⱼ(λ)|·|xᵀv₁| ≤ 1, so λ can exceed `high` only if |xᵀv₁| ≤ 1 / |pⱼ(high)|. A random unit
 * vector in n dimensions has |xᵀv₁| ≤ δ with probability at most √(2n/π) · δ (Kuczyński & Woźniakowski 1992, Estimating
 * the largest eigenvalue by the power and Lanczos algorithms with a random start; Hochstenbach 2013, Probabilistic
 * upper bounds for the matrix two-norm). The iteration ends when this probability is at most 1e-9. A small residual
 * alone would only show that some eigenvalue is near.
 *
 * The bound requires orthonormal vectors, so each vector is reorthogonalized against all before it.
 *
 * @param product The product of C and a vector.
 * @param size The number of rows of C.
 * @param width The relative width (high − low) / low of the bracket, in [1e-10, 1].
 * @returns The bracket; undefined if 200 steps do not suffice.
 */
export function largestEigenvalue(product: Product, size: number, width: number): Bracket | undefined {
  const growth = Math.log(Math.sqrt((2 * size) / Math.PI) / RISK);
  for (const { basis, matrix, isLast } of tridiagonalization(product, size)) {
    const steps = matrix.diagonal.length;
    if (!isLast && steps % STEPS_BETWEEN_CHECKS !== 0) continue;
    const low = largestOfTridiagonal(matrix);
    if (low === 0 && isLast) return { low, high: low, vector: basis[0]! };
    const high = low * (1 + width);
    if (logOfPolynomials(matrix, high) >= growth)
      return { low, high, vector: ritzVector(basis, matrix, low) };
    if (steps >= MOST_STEPS) return undefined;
  }
  return undefined;
}

/** A symmetric tridiagonal matrix. */
interface Tridiagonal {
  diagonal: number[];
  /** The off-diagonal entries, followed by one outside the matrix. */
  beside: number[];
}

interface Steps {
  /** The orthonormal vectors, one for each column of the matrix, followed by the next one. */
  basis: Float64Array[];
  matrix: Tridiagonal;
  /** Whether C maps the span of the vectors into itself up to rounding, which ends the iteration. */
  isLast: boolean;
}

/** Yields the steps of Lanczos's method (1950) from a fixed random vector. */
export function* tridiagonalization(product: Product, size: number): Generator<Steps> {
  const basis = [unit(Float64Array.from(new RandomState(SEED).randn(size)))];
  const matrix: Tridiagonal = { diagonal: [], beside: [] };
  for (;;) {
    const [previous, v] = [basis.at(-2), basis.at(-1)!];
    const next = product(v);
    const alpha = dot(v, next);
    subtract(next, alpha, v);
    if (previous) subtract(next, matrix.beside.at(-1)!, previous);
    const isIndependent = basis.length < size && orthogonalize(next, basis);
    matrix.diagonal.push(alpha);
    matrix.beside.push(isIndependent ? length(next) : 0);
    if (isIndependent) basis.push(unit(next));
    yield { basis, matrix, isLast: !isIndependent };
    if (!isIndependent) return;
  }
}

/** The largest eigenvalue of a tridiagonal matrix, by bisection. */
function largestOfTridiagonal({ diagonal, beside }: Tridiagonal): number {
  const before = (i: number) => beside[i - 1] ?? 0;
  const after = (i: number) => (i + 1 < diagonal.length ? beside[i]! : 0);
  let low = 0;
  let high = Math.max(...diagonal.map((value, i) => value + before(i) + after(i)));
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (pivots({ diagonal, beside }, middle).every((pivot) => pivot > 0)) high = middle;
    else low = middle;
  }
}

/** The pivots in the elimination of x · I − matrix, up to the first that is not positive. */
function pivots({ diagonal, beside }: Tridiagonal, x: number): number[] {
  const result: number[] = [];
  for (const [i, value] of diagonal.entries()) {
    const pivot = x - value - (i > 0 ? beside[i - 1]! ** 2 / result[i - 1]! : 0);
    result.push(pivot);
    if (!(pivot > 0)) break;
  }
  return result;
}

/** The logarithm of the largest |pⱼ(x)| for x above the eigenvalues, where pⱼ(x) is a product of pivot / beside. */
function logOfPolynomials(matrix: Tridiagonal, x: number): number {
  let [sum, largest] = [0, 0];
  for (const [i, pivot] of pivots(matrix, x).entries()) {
    if (matrix.beside[i] === 0) return Number.POSITIVE_INFINITY;
    if (!(pivot > 0)) return 0;
    sum += Math.log(pivot / matrix.beside[i]!);
    largest = Math.max(largest, sum);
  }
  return largest;
}

/** The unit Ritz vector of the matrix's largest eigenvalue in the span of the basis, by inverse iteration. */
function ritzVector(basis: Float64Array[], matrix: Tridiagonal, eigenvalue: number): Float64Array {
  const { diagonal, beside } = matrix;
  const shift = largerPivots(matrix, eigenvalue);
  // The eigenvector has no sign changes, so a vector of ones is not orthogonal to it.
  let y = diagonal.map(() => 1);
  for (let round = 0; round < 3; round++) {
    for (let i = 1; i < y.length; i++) y[i]! += (beside[i - 1]! * y[i - 1]!) / shift[i - 1]!;
    for (let i = y.length - 1; i >= 0; i--) {
      const following = i + 1 < y.length ? beside[i]! * y[i + 1]! : 0;
      y[i] = (y[i]! + following) / shift[i]!;
    }
    const largest = Math.max(...y.map(Math.abs));
    y = y.map((entry) => entry / largest);
  }
  const vector = new Float64Array(basis[0]!.length);
  for (const [i, entry] of y.entries()) subtract(vector, -entry, basis[i]!);
  return unit(vector);
}

/** The pivots at a point just above an eigenvalue, where all are positive. */
function largerPivots(matrix: Tridiagonal, eigenvalue: number): number[] {
  for (let excess = 2 ** -50; ; excess *= 2) {
    const found = pivots(matrix, eigenvalue * (1 + excess) || Number.MIN_VALUE);
    if (found.every((pivot) => pivot > 0)) return found;
  }
}

function unit(x: Float64Array): Float64Array {
  const size = length(x);
  return x.map((value) => value / size);
}
