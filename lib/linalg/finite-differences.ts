import { Matrix } from "ml-matrix";

/**
 * Approximates the gradient of a function of a matrix by central differences (f(w + h) − f(w − h)) / 2h of each entry.
 * The error is of order h², and only rounding where f is quadratic in each entry.
 *
 * @param f Evaluates the function at the current `weights`; it is called twice per entry.
 * @param weights The matrix, whose entries are changed temporarily.
 * @param options.h The step h, > 0. Default: 1e-3.
 * @returns The gradient, of the shape of `weights`.
 */
export function finiteDifferences(f: () => number, weights: Matrix, { h = 1e-3 } = {}): Matrix {
  const gradient = Matrix.zeros(weights.rows, weights.columns);
  for (let i = 0; i < weights.rows; i++) {
    for (let j = 0; j < weights.columns; j++) {
      const w = weights.get(i, j);
      weights.set(i, j, w + h);
      const above = f();
      weights.set(i, j, w - h);
      const below = f();
      weights.set(i, j, w);
      gradient.set(i, j, (above - below) / (2 * h));
    }
  }
  return gradient;
}

/** The largest difference between two matrices of equal shape relative to the second, max|a − b| / max|b|. */
export function relativeError(a: Matrix, b: Matrix): number {
  return Matrix.sub(a, b).abs().max() / b.clone().abs().max();
}
