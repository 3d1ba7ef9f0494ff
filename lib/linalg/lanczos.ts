import { RandomState } from "../random/numpy";
import type { Product } from "./gram-product";
import { dot, length, orthogonalize, subtract } from "./vectors";

/** How likely a starting vector may be for which the largest eigenvalue lies outside its bracket. */
const RISK = 1e-9;
/** Seeds the starting vector. A user's seed would not do: a row of the matrix may be drawn from it too. */
const SEED = 1_618_033_988;
const MOST_STEPS = 200;
const STEPS_BETWEEN_CHECKS = 4;

export interface Bracket {
  /** A Rayleigh quotient, which the largest eigenvalue is not below. */
  low: number;
  /** A number that the largest eigenvalue is not above, but for a chance of 1e-9. */
  high: number;
  /** The vector [size] of length 1 with that Rayleigh quotient. */
  vector: Float64Array;
}

/**
 * Two numbers between which the largest eigenvalue of a symmetric positive semidefinite matrix C lies, by Lanczos's
 * method.
 *
 * Of a random starting vector v₁ the method makes orthonormal vectors vⱼ₊₁ = pⱼ(C)·v₁, where pⱼ is a polynomial of
 * degree j that grows beyond the eigenvalues of the tridiagonal matrix VᵀCV. For a unit eigenvector x of C with
 * eigenvalue λ, xᵀvⱼ₊₁ = pⱼ(λ)·xᵀv₁, and this is at most 1 in size: λ can only be above `high` if |xᵀv₁| ≤
 * 1 / |pⱼ(high)|. Of the random unit vectors in n dimensions a share of at most √(2n/π) · δ has |xᵀv₁| ≤ δ (Kuczyński &
 * Woźniakowski 1992, Estimating the largest eigenvalue by the power and Lanczos algorithms with a random start;
 * Hochstenbach 2013, Probabilistic upper bounds for the matrix two-norm). The steps end where that share is 1e-9. A small
 * residual alone would only say that some eigenvalue is near.
 *
 * All of this takes orthonormal vectors: each is made orthogonal to all before it until rounding alone is left.
 *
 * @param size C is [size, size].
 * @param width The most that `high` may be above `low`, as a share of it, from 1e-10 to 1.
 * @returns undefined where 200 steps are not enough.
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
  /** What is beside the diagonal; the last of these lies outside the matrix. */
  beside: number[];
}

interface Steps {
  /** As many orthonormal vectors as the matrix has columns, and the next one. */
  basis: Float64Array[];
  matrix: Tridiagonal;
  /** Whether C maps the span of the vectors into itself, as far as rounding can tell. */
  isLast: boolean;
}

/** Lanczos's method (1950) from a fixed random vector, step by step. */
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

/** By bisection. */
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

/** Of the elimination of x · I less the matrix, up to the first that is not positive. */
function pivots({ diagonal, beside }: Tridiagonal, x: number): number[] {
  const result: number[] = [];
  for (const [i, value] of diagonal.entries()) {
    const pivot = x - value - (i > 0 ? beside[i - 1]! ** 2 / result[i - 1]! : 0);
    result.push(pivot);
    if (!(pivot > 0)) break;
  }
  return result;
}

/** The logarithm of the largest |pⱼ(x)|, for an x above the eigenvalues: pⱼ(x) is a product of pivot / beside. */
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

/** The unit vector in the span of the basis for the matrix's largest eigenvalue, by inverse iteration. */
function ritzVector(basis: Float64Array[], matrix: Tridiagonal, eigenvalue: number): Float64Array {
  const { diagonal, beside } = matrix;
  const shift = largerPivots(matrix, eigenvalue);
  // The eigenvector has no sign changes: one of ones is not orthogonal to it.
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

/** The pivots just above an eigenvalue, all positive. */
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
