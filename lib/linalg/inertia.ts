import { type Gram, roundoff } from "./gram";
import type { TensorFlowOps, TensorHandle } from "./native-op";

/** A block up to this size is diagonalized where it is neither positive nor negative definite. */
const SMALL = 64;
/** No block is larger: Cholesky's factorization runs on one thread, the products between blocks on all. */
const LARGE = 520;

/**
 * How many eigenvalues of a Gram matrix are above `shift`; undefined where rounding may have moved one over it by more
 * than `slack`.
 *
 * By Sylvester's law of inertia they are as many as the positive eigenvalues of the diagonal blocks in an elimination of
 * the matrix less shift · I: of a block A₁₁, then of the Schur complement A₂₂ − A₂₁·A₁₁⁻¹·A₁₂, and so on (Haynsworth
 * 1968). A block is as large as it can be while it or its negative has a Cholesky factor; small ones that are neither
 * are diagonalized. How far rounding goes is bounded from the sizes of the factors.
 */
export function countAbove(
  native: TensorFlowOps,
  gram: Gram,
  shift: number,
  slack: number,
): number | undefined {
  const share = roundoff(gram.diagonal.length);
  let rest = shifted(native, gram, shift);
  let count = 0;
  let error = 0;
  while (rest.diagonal.length > 0) {
    const factor = factorOf(native, rest);
    count += factor.positive;
    const step = eliminate(native, rest, factor);
    error += share * (factor.magnitude + step.magnitude);
    if (!(error <= slack)) return undefined;
    native.release(rest.matrix);
    rest = step.rest;
  }
  return count;
}

/** What is not eliminated yet: [n, n], with its diagonal. */
interface Rest {
  matrix: TensorHandle;
  diagonal: Float64Array;
  /** The first so many rows and columns are known not to be definite. */
  indefinite?: number;
}

/** The matrix less shift · I. Where a definite block would end early, as at a column of zeros, larger pivots go first. */
function shifted(native: TensorFlowOps, gram: Gram, shift: number): Rest {
  const diagonal = gram.diagonal.map((value) => value - shift);
  if (diagonal.every((value) => value > 0))
    return { matrix: native.withDiagonal(gram.held, diagonal), diagonal };
  const order = Int32Array.from(diagonal.keys()).sort((i, j) => diagonal[j]! - diagonal[i]!);
  const inOrder = Float64Array.from(order, (i) => diagonal[i]!);
  const matrix = native.tidy(() => native.withDiagonal(native.reordered(gram.held, order), inOrder));
  return { matrix, diagonal: inOrder };
}

/** The first rows and columns of a rest, A₁₁ = f · diag(signs) · fᵀ. */
interface Factor {
  size: number;
  positive: number;
  /** ‖f‖²_F */
  magnitude: number;
  /** Known of what follows, as `Rest.indefinite`. */
  indefinite?: number;
  /** y = f⁻¹ · side, and diag(signs) · y. */
  solve(side: TensorHandle): { y: TensorHandle; signed: TensorHandle };
}

/** The factor of a block that is as large as can be. */
function factorOf(native: TensorFlowOps, { matrix, diagonal, indefinite }: Rest): Factor {
  const sign = Math.sign(diagonal[0]!);
  const other = diagonal.findIndex((value) => Math.sign(value) !== sign);
  let size = Math.min(other < 0 ? diagonal.length : other, LARGE);
  let bound = sign > 0 ? indefinite : undefined;
  for (;;) {
    if (bound !== undefined && size >= bound) size = Math.floor(bound / 2);
    if (size < Math.min(SMALL, diagonal.length)) {
      return diagonalized(native, corner(native, matrix, Math.min(SMALL, diagonal.length)));
    }
    const block = corner(native, matrix, size);
    const factor = definite(native, block, diagonal.subarray(0, size), sign > 0);
    if (factor) return { ...factor, indefinite: bound === undefined ? undefined : bound - size };
    bound = size;
  }
}

const corner = (native: TensorFlowOps, matrix: TensorHandle, size: number) =>
  native.slice(matrix, [0, 0], [size, size]);

/** By Cholesky's factorization of a block whose eigenvalues all have one sign. */
function definite(
  native: TensorFlowOps,
  block: TensorHandle,
  pivots: Float64Array,
  isPositive: boolean,
): Factor | undefined {
  const l = native.cholesky(isPositive ? block : native.run("Neg", [block])[0]!);
  if (l === undefined) return undefined;
  return {
    size: pivots.length,
    positive: isPositive ? pivots.length : 0,
    magnitude: Math.abs(sum(pivots)),
    solve(side) {
      const flags = { lower: true, adjoint: false };
      const [y] = native.run("MatrixTriangularSolve", [l, side], { flags });
      return { y: y!, signed: isPositive ? y! : native.run("Neg", [y!])[0]! };
    },
  };
}

/** By its eigenvectors v: f = v · |λ|^½. */
function diagonalized(native: TensorFlowOps, block: TensorHandle): Factor {
  const [eigenvalues, v] = native.run("SelfAdjointEigV2", [block], {
    outputs: 2,
    flags: { compute_v: true },
  });
  const values = native.read(eigenvalues!);
  const column = (of: (value: number) => number) => native.sendFloat64(values.map(of), [values.length, 1]);
  return {
    size: values.length,
    positive: values.filter((value) => value > 0).length,
    magnitude: sum(values.map(Math.abs)),
    solve(side) {
      const [turned] = native.run("MatMul", [v!, side], { flags: { transpose_a: true, transpose_b: false } });
      const [y] = native.run("Mul", [turned!, column((value) => Math.abs(value) ** -0.5)]);
      return { y: y!, signed: native.run("Mul", [y!, column(Math.sign)])[0]! };
    },
  };
}

/** The Schur complement of a factored block, and the ‖y‖²_F on the way. */
function eliminate(native: TensorFlowOps, { matrix, diagonal }: Rest, { size, indefinite, solve }: Factor) {
  const others = diagonal.length - size;
  if (others === 0) return { rest: { matrix, diagonal: new Float64Array(0) }, magnitude: 0 };
  let magnitude = 0;
  const complement = native.tidy(() => {
    const { y, signed } = solve(native.slice(matrix, [0, size], [size, others]));
    const [half] = native.run("L2Loss", [y]);
    magnitude = 2 * native.read(half!)[0]!;
    const flags = { transpose_a: true, transpose_b: false };
    const [product] = native.run("MatMul", [y, signed], { flags });
    return native.run("Sub", [native.slice(matrix, [size, size], [others, others]), product!])[0]!;
  });
  const rest: Rest = { matrix: complement, diagonal: native.diagonalOf(complement), indefinite };
  return { rest, magnitude };
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
