import { RandomState } from "../random/numpy";
import type { LinearMap } from "./linear-map";

const MOST_STEPS = 200;
const STEPS_BETWEEN_CHECKS = 4;
const BRACKET_STEPS = 24;
/** What is left of a vector in float32 where the earlier ones span all that the matrix does to the first. */
const EXHAUSTED = 1e-6;

/**
 * The largest singular value of a matrix by Lanczos bidiagonalization, which ends where the residual of the estimate,
 * within which a singular value lies, is small.
 *
 * @param shape The matrix's, [m, n].
 * @param tolerance The residual, as a share of the value. The error is nearly always its square over the gap to the
 *   next value, which is much less.
 * @returns undefined where 200 steps are not enough, and where numbers overflow or are not finite.
 */
export function largestSingularValue(
  map: LinearMap,
  shape: readonly [number, number],
  tolerance: number,
): number | undefined {
  for (const step of bidiagonalization(map, shape)) {
    const steps = step.alphas.length;
    const rest = step.betas.at(-1)!;
    if (!Number.isFinite(rest) || steps === MOST_STEPS) return undefined;
    const isLast = rest <= tolerance * step.alphas[0]!;
    if (!isLast && steps % STEPS_BETWEEN_CHECKS !== 0) continue;
    const { value, residual } = ritz(step);
    if (isLast || residual <= tolerance * value) return value;
  }
  return undefined;
}

/**
 * Two numbers between which the largest singular value lies, the larger a fifth above the smaller, from 24 steps.
 *
 * An estimate never exceeds it. That its square is more than ε = 0.3 of itself too small after k steps has a chance of
 * at most 1.65·√n·exp(−√ε·(2k − 1)) over starting vectors (Kuczyński & Woźniakowski 1992, Estimating the largest
 * eigenvalue by the power and Lanczos algorithms with a random start): below 1e-9 for n up to 8,000.
 */
export function bracketOfNorm(map: LinearMap, shape: readonly [number, number]): [number, number] {
  for (const step of bidiagonalization(map, shape)) {
    if (step.alphas.length < BRACKET_STEPS && step.betas.at(-1)! > EXHAUSTED * step.alphas[0]!) continue;
    const { value } = ritz(step);
    return [value, value / Math.sqrt(1 - 0.3)];
  }
  return [0, 0];
}

/** The bidiagonal matrix of so many steps: its diagonal and, one beyond its size, what is beside that. */
interface Bidiagonal {
  alphas: number[];
  betas: number[];
}

/**
 * Lanczos's bidiagonalization (Golub & Kahan 1965) from a fixed random vector, step by step. The right vectors are made
 * orthogonal to all before them, which is enough for the left ones too (Simon & Zha 2000).
 */
function* bidiagonalization(
  map: LinearMap,
  [rows, columns]: readonly [number, number],
): Generator<Bidiagonal> {
  const [alphas, betas]: [number[], number[]] = [[], []];
  const right = [unit(new RandomState(0).randn(columns)).vector];
  let left: Float64Array = new Float64Array(rows);
  for (let k = 0; k < Math.min(rows, columns); k++) {
    const forth = unit(subtract(new Float64Array(map.apply(right[k]!)), betas.at(-1) ?? 0, left));
    left = forth.vector;
    const next = new Float64Array(map.applyTransposed(left));
    orthogonalize(next, right);
    const back = unit(next);
    right.push(back.vector);
    alphas.push(forth.length);
    betas.push(back.length);
    yield { alphas, betas };
  }
}

/** The largest singular value of a bidiagonal matrix, and its residual as one of the whole. */
function ritz({ alphas, betas }: Bidiagonal): { value: number; residual: number } {
  const k = alphas.length;
  const diagonal = alphas.map((alpha, i) => alpha ** 2 + (i + 1 < k ? betas[i]! ** 2 : 0));
  const beside = Array.from({ length: k - 1 }, (_, i) => alphas[i + 1]! * betas[i]!);
  const square = largestEigenvalue(diagonal, beside);
  return {
    value: Math.sqrt(square),
    residual: betas[k - 1]! * lastOfEigenvector(diagonal, beside, square),
  };
}

/** Of a symmetric positive tridiagonal matrix, by bisection. */
function largestEigenvalue(diagonal: number[], beside: number[]): number {
  let low = 0;
  let high = Math.max(
    ...diagonal.map((value, i) => value + Math.abs(beside[i - 1] ?? 0) + Math.abs(beside[i] ?? 0)),
  );
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (hasEigenvalueOver(diagonal, beside, middle)) low = middle;
    else high = middle;
  }
}

/** Whether a pivot of the matrix less x · I is positive. */
function hasEigenvalueOver(diagonal: number[], beside: number[], x: number): boolean {
  let pivot = diagonal[0]! - x;
  for (let i = 1; i < diagonal.length && pivot < 0; i++)
    pivot = diagonal[i]! - x - beside[i - 1]! ** 2 / pivot;
  return pivot >= 0;
}

/** The last entry's size in the eigenvector of the largest eigenvalue, in whose direction its entries grow. */
function lastOfEigenvector(diagonal: number[], beside: number[], value: number): number {
  let [after, entry, squares] = [0, 1, 1];
  for (let i = diagonal.length - 1; i > 0; i--) {
    const before = ((value - diagonal[i]!) * entry - (beside[i] ?? 0) * after) / beside[i - 1]!;
    [after, entry] = [entry, before];
    squares += before ** 2;
  }
  return 1 / Math.sqrt(squares);
}

/** x less its parts along orthonormal vectors, in x: four vectors at a time, which takes a third of one by one. */
function orthogonalize(x: Float64Array, vectors: readonly Float64Array[]): void {
  const zeros = new Float64Array(x.length);
  for (let k = 0; k < vectors.length; k += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => vectors[k + i] ?? zeros) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    let [p, q, r, s] = [0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      const value = x[i]!;
      p += value * a[i]!;
      q += value * b[i]!;
      r += value * c[i]!;
      s += value * d[i]!;
    }
    for (let i = 0; i < x.length; i++) x[i]! -= p * a[i]! + q * b[i]! + r * c[i]! + s * d[i]!;
  }
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** x − factor · y, in x. */
function subtract(x: Float64Array, factor: number, y: Float64Array): Float64Array {
  if (factor !== 0) for (let i = 0; i < x.length; i++) x[i]! -= factor * y[i]!;
  return x;
}

/** A vector over its length; one of zeros stays. */
function unit(x: Float64Array): { vector: Float64Array; length: number } {
  const length = Math.sqrt(dot(x, x));
  return { vector: length > 0 ? x.map((value) => value / length) : x, length };
}
