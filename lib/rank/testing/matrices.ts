import { Matrix } from "ml-matrix";
import { tf } from "../../backend/tf";
import { qr } from "../../linalg/qr";
import { RandomState } from "../../random/numpy";

// These matrices are shared by the tests and by fixtures/metrics.json.

const random = new RandomState(1);

export const tensorOf = (a: Matrix) => tf.tensor2d(a.to2DArray());

/** A matrix [m, n] with orthonormal columns. */
export const orthonormal = (m: number, n: number) => qr(Matrix.from1DArray(m, n, random.randn(m, n))).q;

/** A matrix [m, n] with these singular values. */
export function planted(m: number, n: number, values: number[]): Matrix {
  const [u, v] = [orthonormal(m, values.length), orthonormal(n, values.length)];
  return u.mmul(Matrix.diag(values)).mmul(v.transpose());
}

/** A matrix [m, n] of standard normal numbers from `numpy.random.RandomState(seed)`. */
export const normal = (m: number, n: number, seed = m + n) =>
  Matrix.from1DArray(m, n, new RandomState(seed).randn(m, n));

const integers = (m: number, n: number, seed: number) => Matrix.floor(Matrix.mul(normal(m, n, seed), 3));

function entries(m: number, n: number, value: (i: number, j: number) => number): Matrix {
  return new Matrix(Array.from({ length: m }, (_, i) => Array.from({ length: n }, (_, j) => value(i, j))));
}

/** The kinds of matrices in the fixture, whose entries are bitwise equal in Python and here. */
export const kinds: Record<string, (m: number, n: number) => Matrix> = {
  hilbert: (m, n) => entries(m, n, (i, j) => 1 / (i + j + 1)),
  zeros: (m, n) => new Matrix(m, n),
  ones: (m, n) => Matrix.ones(m, n),
  least: (m, n) => entries(m, n, (i, j) => Math.min(i, j) + 1),
  counted: (m, n) => entries(m, n, (i, j) => i * n + j),
  vandermonde: (m, n) => entries(m, n, (i, j) => (i + 1) ** j),
  halving: (m, n) => entries(m, n, (i, j) => (i === j ? 2 ** -i : 0)),
  normal: (m, n) => normal(m, n),
  product: (m, n) => integers(m, 4, m).mmul(integers(4, n, n)),
  duplicated(m, n) {
    const half = normal(m, n);
    return entries(m, 2 * n, (i, j) => half.get(i, j % n));
  },
  weak: (m, n) => normal(m, n).mulRow(m - 1, 2 ** -30),
};
