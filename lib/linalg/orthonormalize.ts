import { Matrix } from "ml-matrix";
import { tf } from "../backend/tf";
import { cholesky } from "./cholesky";
import { fromMatrix, toMatrix } from "./operand";
import { exponentOf, timesPowerOfTwo } from "./scale";
import { lowerTriangularInverse } from "./triangular-inverse";

/** How far the products of columns may be from those of an orthonormal basis. */
const TOLERANCE = 1e-6;
/** A column that is nearer to the span of those before it, as a share of its length, is float32 rounding. */
const LEAST_DISTANCE = 1e-6;
/** What float32 sums may be off, for columns of length 1. */
const ROUNDING = 1e-5;
const MOST_PASSES = 10;
/** Products are summed in float32 over this many rows, then in float64. */
const ROWS_A_BLOCK = 4096;

/**
 * An orthonormal basis of the columns of a tall matrix: q of the thin QR decomposition a = q · r whose r has a
 * positive diagonal, so that the first column of q is that of `a` over its length. `numpy.linalg.qr(a)[0]` but for the
 * signs of columns.
 *
 * By CholeskyQR (Yamamoto et al. 2015), q = a · r⁻¹ with rᵀr = aᵀa: nearly all of it is two products of matrices.
 * It is repeated until q is found orthonormal, max |qᵀq − I| ≤ 1e-6: for well-conditioned columns, of whatever lengths,
 * one pass is enough. Products and their sums over a block of rows are float32; the sums over blocks, the squared
 * lengths, Cholesky factor and inverse are float64. Where rounding leaves aᵀa without a Cholesky factor, a multiple of
 * the identity is added for that pass (shifted CholeskyQR, Fukaya et al. 2020). It takes memory for one more matrix
 * like `a`, for two where passes are repeated. Columns whose squares would be near the ends of float32's range are first
 * multiplied by powers of two, which leaves the basis as it is.
 *
 * @param a [rows, columns], float32, with rows ≥ columns ≥ 1.
 * @returns [rows, columns]
 * @throws RangeError for a wide or empty matrix, for a column that is zero or holds something that is not finite, and
 *   for one within 1e-6 of its length from a linear combination of those before it.
 */
export function orthonormalize(a: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => orthonormalizeBlocks([a.clone()])[0]!);
}

/**
 * The same for a matrix in blocks of rows, in the memory of the matrix and one block more.
 *
 * @param blocks All [rows, columns] of one number of columns. It takes them over: it disposes of them, also where it
 *   throws.
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

/** Replaces the blocks by those of the basis, one after the other. */
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
    `orthonormalize: after ${MOST_PASSES} passes, products of columns are still ${deviation} off`,
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

/** The products of all columns; its diagonal, sums in which no rounding cancels, is that of float64. */
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

/** @param values Row by row. */
function addSquares(sum: Float64Array, values: Float32Array): void {
  for (let start = 0; start < values.length; start += sum.length) {
    for (let j = 0; j < sum.length; j++) sum[j]! += values[start + j]! ** 2;
  }
}

/** The largest magnitude of an entry of gram − I. */
function deviationFromIdentity(gram: Matrix): number {
  return Matrix.sub(gram, Matrix.eye(gram.rows)).abs().max();
}

/** The products of all columns, those multiplied by powers of two whose squares are not well within float32. */
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
    // Not by TensorFlow, which takes subnormal numbers for zeros.
    const values = block
      .dataSync<"float32">()
      .map((value, i) => timesPowerOfTwo(value, -exponents[i % exponents.length]!));
    return tf.tensor2d(values, block.shape);
  });
  return gramOf(q);
}

/** The Gram matrix of the columns over their lengths. */
function withUnitDiagonal(gram: Matrix, lengths: Float64Array): Matrix {
  return gram
    .clone()
    .divRowVector([...lengths])
    .divColumnVector([...lengths]);
}

/** The lower Cholesky factor of a matrix with a diagonal of ones, or of what rounding has left of one, shifted. */
function factorOf(gram: Matrix): Matrix {
  try {
    return cholesky(gram);
  } catch {
    const shift = gram.rows * ROUNDING;
    return cholesky(Matrix.add(gram, Matrix.eye(gram.rows).mul(shift)));
  }
}

/** @param distances From each column to the span of those before it, as a share of its length. */
function checkIndependent(distances: Float64Array): void {
  const j = distances.findIndex((distance) => distance < LEAST_DISTANCE);
  if (j < 0) return;
  throw new RangeError(
    `orthonormalize: expected linearly independent columns, got column ${j}, of which those before it leave ${distances[j]!.toExponential(1)} of its length`,
  );
}

/** r⁻¹ [columns, columns], upper triangular, of r = lᵀ · diag(lengths). */
function inverseFactor(l: Matrix, lengths: Float64Array): tf.Tensor2D {
  const inverse = lowerTriangularInverse(l)
    .transpose()
    .divColumnVector([...lengths]);
  const { rows, columns, values } = fromMatrix(inverse);
  return tf.tensor2d(new Float32Array(values), [rows, columns]);
}

/** Puts something in each block's place and frees the block. */
function replaceEach(blocks: tf.Tensor2D[], replacement: (block: tf.Tensor2D) => tf.Tensor2D): void {
  for (const [i, block] of blocks.entries()) {
    blocks[i] = replacement(block);
    block.dispose();
  }
}
