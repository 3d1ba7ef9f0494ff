import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import { cholesky } from "./cholesky";
import { fromMatrix, toMatrix } from "./operand";
import { exponentOf, timesPowerOfTwo } from "./scale";
import { lowerTriangularInverse } from "./triangular-inverse";

/** The largest allowed entry of |qᵀq − I|. */
const TOLERANCE = 1e-6;
/** The distance of a column from the span of those before it, relative to its length, below which it is rounding. */
const LEAST_DISTANCE = 1e-6;
/** The bound of the error of float32 sums for columns of length 1. */
const ROUNDING = 1e-5;
const MOST_PASSES = 10;
/** The number of rows over which products are summed in float32; these sums are then added in float64. */
const ROWS_A_BLOCK = 4096;

/**
 * Computes an orthonormal basis of the columns of a tall matrix: q of the thin QR decomposition a = q · r in which r
 * has a positive diagonal, so that the first column of q is that of `a` divided by its length. It equals
 * `numpy.linalg.qr(a)[0]` up to the signs of columns.
 *
 * The method is CholeskyQR (Yamamoto et al. 2015), q = a · r⁻¹ with rᵀr = aᵀa, which takes little more than two matrix
 * products. It is repeated until max |qᵀq − I| ≤ 1e-6; for well-conditioned columns of any lengths one pass suffices.
 * Products and their sums over a block of rows are float32; the sums over blocks, the squared lengths, the Cholesky
 * factor and the inverse are float64. If rounding leaves aᵀa without a Cholesky factor, a multiple of the identity is
 * added in that pass (shifted CholeskyQR, Fukaya et al. 2020). The method needs memory for one more matrix like `a`,
 * and for two if passes are repeated. Columns whose squares are near the limits of float32 are first multiplied by
 * powers of two, which does not change the basis.
 *
 * @param a A float32 matrix [rows, columns] with rows ≥ columns ≥ 1.
 * @returns The basis [rows, columns].
 * @throws RangeError for a wide or empty matrix, a column that is zero or not finite, or one whose distance from the
 *   span of the columns before it is below 1e-6 of its length.
 */
export function orthonormalize(a: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => orthonormalizeBlocks([a.clone()])[0]!);
}

/**
 * Orthonormalizes a matrix in blocks of rows like `orthonormalize`, with memory for only one additional block.
 *
 * @param blocks Blocks [rows, columns] with equal numbers of columns, of which it disposes, even if it throws.
 * @returns The blocks of the basis.
 * @throws RangeError as `orthonormalize`.
 */
export function orthonormalizeBlocks(blocks: tf.Tensor2D[]): tf.Tensor2D[] {
  const q = [...blocks];
  try {
    makeOrthonormal(q);
    return q;
  } catch (error) {
    tf.dispose(q);
    throw error;
  }
}

/** Replaces the blocks by those of the basis. */
function makeOrthonormal(q: tf.Tensor2D[]): void {
  checkTall(q);
  const distances = new Float64Array(q[0]!.shape[1]).fill(1);
  let deviation = Number.NaN;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const gram = pass === 0 ? gramOfScaled(q) : gramOf(q);
    deviation = deviationFromIdentity(gram);
    if (deviation <= TOLERANCE) return;
    const lengths = Float64Array.from(gram.diagonal(), Math.sqrt);
    const l = factorOf(withUnitDiagonal(gram, lengths));
    for (let j = 0; j < distances.length; j++) {
      distances[j]! *= l.get(j, j) * (pass === 0 ? 1 : lengths[j]!);
    }
    checkIndependent(distances);
    const inverse = inverseFactor(l, lengths);
    replaceEach(q, (block) => tf.matMul(block, inverse));
    inverse.dispose();
  }
  throw new RangeError(
    `orthonormalize: did not converge in ${MOST_PASSES} passes, max |qᵀq − I| is ${deviation}`,
  );
}

function checkTall(blocks: tf.Tensor2D[]): void {
  const { rank, dtype, shape } = blocks[0]!;
  const rows = blocks.reduce((sum, { shape }) => sum + shape[0], 0);
  if (rank !== 2 || dtype !== "float32" || shape[1] < 1 || rows < shape[1]) {
    const whole = [rows, ...shape.slice(1)];
    throw new RangeError(
      `orthonormalize: expected a float32 matrix with at least as many rows as columns, got ${dtype} [${whole.join(", ")}]`,
    );
  }
}

/** The Gram matrix of the columns, with a float64 diagonal, since rounding errors do not cancel in sums of squares. */
function gramOf(blocks: tf.Tensor2D[]): Matrix {
  const columns = blocks[0]!.shape[1];
  const products = new Float64Array(columns * columns);
  const squares = new Float64Array(columns);
  for (const block of blocks) addGram(products, squares, block);
  const gram = toMatrix({ rows: columns, columns, values: products });
  for (const [j, square] of squares.entries()) gram.set(j, j, square);
  return gram;
}

function addGram(products: Float64Array, squares: Float64Array, a: tf.Tensor2D): void {
  const [rows] = a.shape;
  for (let start = 0; start < rows; start += ROWS_A_BLOCK) {
    tf.tidy(() => {
      const some = a.slice(start, Math.min(ROWS_A_BLOCK, rows - start));
      addTo(products, tf.matMul(some, some, true, false).dataSync<"float32">());
      addSquares(squares, some.dataSync<"float32">());
    });
  }
}

function addTo(sum: Float64Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}

/** Adds the squares of a matrix in row-major order to the sums of its columns. */
function addSquares(sum: Float64Array, values: Float32Array): void {
  for (let start = 0; start < values.length; start += sum.length) {
    for (let j = 0; j < sum.length; j++) sum[j]! += values[start + j]! ** 2;
  }
}

/** The largest magnitude of an entry of gram − I. */
function deviationFromIdentity(gram: Matrix): number {
  return Matrix.sub(gram, Matrix.eye(gram.rows)).abs().max();
}

/** The Gram matrix after multiplying by powers of two those columns whose squares are near the limits of float32. */
function gramOfScaled(q: tf.Tensor2D[]): Matrix {
  const gram = gramOf(q);
  const exponents = gram.diagonal().map((square, j) => {
    if (square > 0 && Number.isFinite(square)) return exponentOf(Math.sqrt(square));
    throw new RangeError(
      `orthonormalize: expected columns of finite numbers that are not all zero, got column ${j} of length ${Math.sqrt(square)}`,
    );
  });
  if (exponents.every((exponent) => exponent === 0)) return gram;
  replaceEach(q, (block) => {
    // TensorFlow would flush subnormal numbers to zero.
    const values = block
      .dataSync<"float32">()
      .map((value, i) => timesPowerOfTwo(value, -exponents[i % exponents.length]!));
    return tf.tensor2d(values, block.shape);
  });
  return gramOf(q);
}

/** The Gram matrix of the columns divided by their lengths. */
function withUnitDiagonal(gram: Matrix, lengths: Float64Array): Matrix {
  return gram
    .clone()
    .divRowVector([...lengths])
    .divColumnVector([...lengths]);
}

/** The lower Cholesky factor of a Gram matrix with unit diagonal, shifted if rounding made it indefinite. */
function factorOf(gram: Matrix): Matrix {
  try {
    return cholesky(gram);
  } catch {
    const shift = gram.rows * ROUNDING;
    return cholesky(Matrix.add(gram, Matrix.eye(gram.rows).mul(shift)));
  }
}

/** @param distances The distance of each column from the span of those before it, relative to its length. */
function checkIndependent(distances: Float64Array): void {
  const j = distances.findIndex((distance) => distance < LEAST_DISTANCE);
  if (j < 0) return;
  throw new RangeError(
    `orthonormalize: expected linearly independent columns, got column ${j} at a distance of ${distances[j]!.toExponential(1)} of its length from the span of those before it`,
  );
}

/** The upper triangular inverse r⁻¹ [columns, columns] of r = lᵀ · diag(lengths). */
function inverseFactor(l: Matrix, lengths: Float64Array): tf.Tensor2D {
  const inverse = lowerTriangularInverse(l)
    .transpose()
    .divColumnVector([...lengths]);
  const { rows, columns, values } = fromMatrix(inverse);
  return tf.tensor2d(new Float32Array(values), [rows, columns]);
}

/** Replaces each block and disposes of the old one. */
function replaceEach(blocks: tf.Tensor2D[], replacement: (block: tf.Tensor2D) => tf.Tensor2D): void {
  for (const [i, block] of blocks.entries()) {
    blocks[i] = replacement(block);
    block.dispose();
  }
}
