import { type Bidiagonal, bidiagonalize, type Columns } from "./bidiagonal";
import type { Dense } from "./operand";

/** The largest number of steps per singular value, of which two or three are usual. */
const MOST_STEPS_A_VALUE = 60;

/**
 * Computes a thin singular value decomposition in float64 without TensorFlow, for numbers whose squares and their sums
 * neither overflow nor underflow. The error of singular values is about 1e-15 · the largest.
 *
 * The method is that of Golub & Reinsch (1970, Singular value decomposition and least squares solutions), with a limit
 * on the number of steps.
 *
 * @param a The matrix [m, n]; k = min(m, n).
 * @param withVectors Whether to compute u and v.
 * @returns The singular values [1, k], largest first, and, if requested, u [m, k] and v [n, k].
 * @throws Error if more than 60 steps per singular value are needed.
 */
export function svdInJavaScript(a: Dense, withVectors: boolean): Dense[] {
  const wide = a.rows < a.columns;
  const b = bidiagonalize(wide ? rowsOf(a) : columnsOf(a), withVectors);
  diagonalize(b);
  makePositive(b);
  const order = Array.from(b.diagonal.keys()).sort((i, j) => b.diagonal[j]! - b.diagonal[i]!);
  const values = Float64Array.from(order, (i) => b.diagonal[i]!);
  const [left, right] = wide ? [b.v, b.u] : [b.u, b.v];
  const vectors = [left, right].flatMap((columns) => (columns ? [matrixOf(columns, order)] : []));
  return [{ rows: 1, columns: values.length, values }, ...vectors];
}

function rowsOf({ rows, columns, values }: Dense): Columns {
  return Array.from({ length: rows }, (_, i) =>
    Float64Array.from(values.subarray(i * columns, (i + 1) * columns)),
  );
}

function columnsOf({ rows, columns, values }: Dense): Columns {
  return Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, i) => values[i * columns + j]!),
  );
}

function matrixOf(vectors: Columns, order: number[]): Dense {
  const [rows, columns] = [vectors[0]!.length, order.length];
  const values = new Float64Array(rows * columns);
  for (const [j, from] of order.entries()) {
    for (let i = 0; i < rows; i++) values[i * columns + j] = vectors[from]![i]!;
  }
  return { rows, columns, values };
}

/** Eliminates the superdiagonal by rotations, block by block from the last. */
function diagonalize(b: Bidiagonal): void {
  const { diagonal, above } = b;
  const negligible = Number.EPSILON * largest(diagonal, above);
  let last = diagonal.length - 1;
  for (let steps = MOST_STEPS_A_VALUE * diagonal.length; last > 0; steps--) {
    if (steps === 0) throw new Error(`svd: ${last + 1} singular values did not converge`);
    for (let i = 0; i < last; i++) if (Math.abs(above[i]!) <= negligible) above[i] = 0;
    if (above[last - 1] === 0) {
      last--;
      continue;
    }
    let first = last - 1;
    while (first > 0 && above[first - 1] !== 0) first--;
    let zero = last;
    while (zero >= first && Math.abs(diagonal[zero]!) > negligible) zero--;
    if (zero < first) step(b, first, last);
    else isolateZero(b, first, last, zero);
  }
}

function largest(...lists: Float64Array[]): number {
  return lists.reduce((most, list) => list.reduce((most, value) => Math.max(most, Math.abs(value)), most), 0);
}

/** Eliminates by rotations the superdiagonal entries in the row and the column of a zero on the diagonal. */
function isolateZero({ diagonal, above, u, v }: Bidiagonal, first: number, last: number, zero: number): void {
  diagonal[zero] = 0;
  let bulge = zero < last ? above[zero]! : 0;
  if (zero < last) above[zero] = 0;
  for (let i = zero + 1; i <= last && bulge !== 0; i++) {
    const { c, s, r } = rotation(diagonal[i]!, bulge);
    diagonal[i] = r;
    if (i < last) {
      bulge = -s * above[i]!;
      above[i]! *= c;
    }
    rotate(u, i, zero, c, s);
  }
  bulge = zero > first ? above[zero - 1]! : 0;
  if (zero > first) above[zero - 1] = 0;
  for (let i = zero - 1; i >= first && bulge !== 0; i--) {
    const { c, s, r } = rotation(diagonal[i]!, bulge);
    diagonal[i] = r;
    if (i > first) {
      bulge = -s * above[i - 1]!;
      above[i - 1]! *= c;
    }
    rotate(v, i, zero, c, s);
  }
}

/** Takes a step of the implicit QR method with Wilkinson's shift. */
function step({ diagonal, above, u, v }: Bidiagonal, first: number, last: number): void {
  let x = diagonal[first]! - shiftOf(diagonal, above, first, last) / diagonal[first]!;
  let y = above[first]!;
  for (let i = first; i < last; i++) {
    const right = rotation(x, y);
    if (i > first) above[i - 1] = right.r;
    const [d, e, next] = [diagonal[i]!, above[i]!, diagonal[i + 1]!];
    const corner = right.c * d + right.s * e;
    above[i] = right.c * e - right.s * d;
    diagonal[i + 1] = right.c * next;
    rotate(v, i, i + 1, right.c, right.s);
    const left = rotation(corner, right.s * next);
    diagonal[i] = left.r;
    const [beside, below] = [above[i]!, diagonal[i + 1]!];
    x = left.c * beside + left.s * below;
    above[i] = x;
    diagonal[i + 1] = left.c * below - left.s * beside;
    rotate(u, i, i + 1, left.c, left.s);
    if (i + 1 < last) {
      y = left.s * above[i + 1]!;
      above[i + 1]! *= left.c;
    }
  }
}

/** The eigenvalue of the trailing 2 × 2 block of BᵀB that is nearer to the last diagonal entry. */
function shiftOf(diagonal: Float64Array, above: Float64Array, first: number, last: number): number {
  const before = last - 1 > first ? above[last - 2]! : 0;
  const [d, e, end] = [diagonal[last - 1]!, above[last - 1]!, diagonal[last]!];
  const [p, q, r] = [d ** 2 + before ** 2, d * e, end ** 2 + e ** 2];
  const half = (p - r) / 2;
  return r - q ** 2 / (half + (half < 0 ? -1 : 1) * Math.hypot(half, q));
}

/** The rotation that maps (x, y) to (r, 0). */
function rotation(x: number, y: number): { c: number; s: number; r: number } {
  const r = Math.sqrt(x * x + y * y);
  return r === 0 ? { c: 1, s: 0, r } : { c: x / r, s: y / r, r };
}

/** Rotates two columns. */
function rotate(columns: Columns | undefined, i: number, j: number, c: number, s: number): void {
  if (!columns) return;
  const [a, b] = [columns[i]!, columns[j]!];
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[k]!, b[k]!];
    a[k] = c * x + s * y;
    b[k] = c * y - s * x;
  }
}

function makePositive({ diagonal, v }: Bidiagonal): void {
  for (const [i, value] of diagonal.entries()) {
    if (value >= 0) continue;
    diagonal[i] = -value;
    if (v) v[i] = v[i]!.map((entry) => -entry);
  }
}
