import { dot, length, subtract } from "./vectors";

/** A matrix as a list of its columns. */
export type Columns = Float64Array[];

/** A factorization u · B · vᵀ with an upper bidiagonal matrix B [n, n]. */
export interface Bidiagonal {
  /** The diagonal of B. */
  diagonal: Float64Array;
  /** The n − 1 superdiagonal entries of B. */
  above: Float64Array;
  /** u [m, n], if vectors were requested. */
  u?: Columns;
  /** v [n, n], if vectors were requested. */
  v?: Columns;
}

/**
 * Reduces a matrix [m, n] with m ≥ n to bidiagonal form by Householder reflections (Golub & Kahan 1965, Calculating the
 * singular values and pseudo-inverse of a matrix).
 *
 * @param a The matrix, which is overwritten.
 * @param withVectors Whether to compute u and v.
 */
export function bidiagonalize(a: Columns, withVectors: boolean): Bidiagonal {
  const [m, n] = [a[0]!.length, a.length];
  const diagonal = new Float64Array(n);
  const above = new Float64Array(Math.max(n - 1, 0));
  const [left, right]: [Columns, Columns] = [[], []];
  for (let k = 0; k < n; k++) {
    const down = a[k]!.subarray(k);
    diagonal[k] = reflector(down);
    left.push(down);
    for (let j = k + 1; j < n; j++) reflect(down, a[j]!.subarray(k));
    if (k + 1 === n) break;
    const across = Float64Array.from(a.slice(k + 1), (column) => column[k]!);
    above[k] = reflector(across);
    right.push(across);
    reflectRows(
      across,
      a.slice(k + 1).map((column) => column.subarray(k + 1)),
    );
  }
  if (!withVectors) return { diagonal, above };
  return { diagonal, above, u: product(left, m, n, 0), v: product(right, n, n, 1) };
}

/**
 * Overwrites x with a vector w whose reflection I − w · wᵀ maps x to a multiple of the first unit vector.
 *
 * @returns The factor of that multiple.
 */
function reflector(x: Float64Array): number {
  const size = length(x);
  if (size === 0) return 0;
  const image = x[0]! > 0 ? -size : size;
  x[0]! -= image;
  const factor = Math.SQRT2 / length(x);
  for (let i = 0; i < x.length; i++) x[i]! *= factor;
  return image;
}

function reflect(w: Float64Array, x: Float64Array): void {
  subtract(x, dot(w, x), w);
}

/** Reflects all rows of a matrix given by columns. */
function reflectRows(w: Float64Array, columns: Columns): void {
  const products = new Float64Array(columns[0]!.length);
  for (const [j, column] of columns.entries()) subtract(products, -w[j]!, column);
  for (const [j, column] of columns.entries()) subtract(column, w[j]!, products);
}

/** The leading columns of a product of reflections, where reflection k acts on the entries from k + offset on. */
function product(reflectors: Columns, rows: number, columns: number, offset: number): Columns {
  const result = Array.from({ length: columns }, (_, j) => {
    const unit = new Float64Array(rows);
    unit[j] = 1;
    return unit;
  });
  for (let k = reflectors.length - 1; k >= 0; k--) {
    for (let j = k + offset; j < columns; j++) reflect(reflectors[k]!, result[j]!.subarray(k + offset));
  }
  return result;
}
