import { Matrix } from "ml-matrix";

/**
 * The gradient of a function of a matrix by central differences, (f(w + h) − f(w − h)) / 2h entry by entry: exact
 * but for rounding where f is quadratic in each entry, else to order h².
 *
 * @param f Evaluates the function at what `weights` holds; it is called twice an entry.
 * @param weights Changed in place meanwhile, and restored.
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

/** The largest difference between two matrices of one shape, over the largest entry of the second: max|a − b| / max|b|. */
export function relativeError(a: Matrix, b: Matrix): number {
  return Matrix.sub(a, b).abs().max() / b.clone().abs().max();
}
