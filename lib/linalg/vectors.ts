const MOST_PASSES = 4;

export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}

/** The Euclidean norm of a vector. */
export function length(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}

/** Replaces x by x − factor · y. */
export function subtract(x: Float64Array, factor: number, y: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i]! -= factor * y[i]!;
}

/**
 * Orthogonalizes x in place against orthonormal vectors by repeated Gram–Schmidt passes: after one pass the rounding of
 * large components may not be small relative to the remainder (Daniel, Gragg, Kaufman & Stewart 1976).
 *
 * @returns Whether the remainder is more than rounding.
 */
export function orthogonalize(x: Float64Array, vectors: readonly Float64Array[]): boolean {
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const before = length(x);
    if (before === 0) return false;
    subtractComponents(x, vectors);
    if (length(x) > before / 2) return true;
  }
  return false;
}

/** Takes one Gram–Schmidt pass over four vectors at a time, which takes a third of the time of one at a time. */
function subtractComponents(x: Float64Array, vectors: readonly Float64Array[]): void {
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
