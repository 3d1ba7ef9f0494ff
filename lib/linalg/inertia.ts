import { type Gram, roundoff } from "./gram";
import type { TensorFlowOps, TensorHandle } from "./native-op";

/** The size up to which an indefinite block is diagonalized. */
const SMALL = 64;
/** The largest size of a block: Cholesky factorization runs on one thread, the products between blocks on all. */
const LARGE = 520;

/**
 * Counts the eigenvalues of a Gram matrix above `shift`.
 *
 * By Sylvester's law of inertia their number is that of the positive eigenvalues of the diagonal blocks in a block
 * elimination of the matrix − shift · I: of a block A₁₁, then of the Schur complement A₂₂ − A₂₁·A₁₁⁻¹·A₁₂, and so on
 * (Haynsworth 1968). Each block is as large as possible such that it or its negative has a Cholesky factor; small
 * indefinite blocks are diagonalized. The rounding error is bounded from the norms of the factors.
 *
 * @returns The count; undefined if the rounding errors of the elimination may exceed `slack`.
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

/** The part of the matrix [n, n] that is not eliminated yet, with its diagonal. */
interface Rest {
  matrix: TensorHandle;
  diagonal: Float64Array;
  /** The size of a leading block that is known to be indefinite. */
  indefinite?: number;
}

/** The matrix − shift · I, reordered by decreasing diagonal if that is not all positive, for larger definite blocks. */
function shifted(native: TensorFlowOps, gram: Gram, shift: number): Rest {
  const diagonal = gram.diagonal.map((value) => value - shift);
  if (diagonal.every((value) => value > 0))
    return { matrix: native.withDiagonal(gram.held, diagonal), diagonal };
  const order = Int32Array.from(diagonal.keys()).sort((i, j) => diagonal[j]! - diagonal[i]!);
  const inOrder = Float64Array.from(order, (i) => diagonal[i]!);
  const matrix = native.tidy(() => native.withDiagonal(native.reordered(gram.held, order), inOrder));
  return { matrix, diagonal: inOrder };
}

/** A factorization of a leading block, A₁₁ = f · diag(signs) · fᵀ. */
interface Factor {
  size: number;
  positive: number;
  /** ‖f‖²_F */
  magnitude: number;
  /** The value of `Rest.indefinite` for the Schur complement. */
  indefinite?: number;
  /** Computes y = f⁻¹ · side, and diag(signs) · y. */
  solve(side: TensorHandle): { y: TensorHandle; signed: TensorHandle };
}

/** Factors a leading block that is as large as possible. */
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

/** Factors a positive or negative definite block by Cholesky factorization; undefined if it is not definite. */
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

/** Factors a block by its eigenvectors v and eigenvalues λ: f = v · |λ|^½. */
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
      const [rotated] = native.run("MatMul", [v!, side], {
        flags: { transpose_a: true, transpose_b: false },
      });
      const [y] = native.run("Mul", [rotated!, column((value) => Math.abs(value) ** -0.5)]);
      return { y: y!, signed: native.run("Mul", [y!, column(Math.sign)])[0]! };
    },
  };
}

/** Computes the Schur complement of a factored block, and ‖y‖²_F for the error bound. */
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
