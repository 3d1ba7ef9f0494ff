import { tf } from "../../backend/tf";
import type { RandomState } from "../../random/numpy";
import { checkDimension, type Projection, projected } from "./projection";
import { WalshHadamard } from "./walsh-hadamard";

/**
 * A projection θ = P·ω with an implicit random P, the Fastfood transform (Li et al. 2018, after Le, Sarlós & Smola
 * 2013, equation 7). With m the least power of two ≥ d, P is a stack of ⌈D/m⌉ blocks
 *
 *     H·G·Π·H·B / (√D · ‖G‖)
 *
 * of which the first d columns and the first D rows are used. H is the Hadamard matrix of order m, the diagonal
 * matrices B of random signs and G of normal numbers are drawn for each block, and Π is a random permutation. A product
 * with P or its transpose takes O(D log d) time, and P takes O(D) memory: 8 bytes for each of the fewer than D + m rows
 * of the blocks, and 8·m for Π and its inverse.
 *
 * The mean square length of the columns is 1, and each has length exactly 1 if m divides D; the product of two columns
 * has mean 0 and a standard deviation of about √(2/D). So the mean of ‖P·ω‖² is ‖ω‖² for every ω.
 *
 * Departures from Le et al.: the matrix S, which would give rows the random lengths of normal rows, is constant in a
 * block, so that the columns have the lengths above; one Π serves all blocks, which is several times faster and does
 * not affect the lengths and products of whole columns; the blocks are interleaved, with the first row of every block
 * before the second of any. Li et al.'s code also has this scale and no S, but a single block, of the least power of
 * two ≥ D, to which ω is zero-padded.
 *
 * @example
 * const random = new RandomState(123);
 * const theta = initialTheta(random);
 * const projection = new FastfoodProjection(theta.length, 1000, random);
 * const net = new SubspaceNet(theta, { projection, affine: true });
 */
export class FastfoodProjection implements Projection {
  private readonly hadamard: WalshHadamard;
  private readonly constants: Constants;

  /**
   * Draws Π from m − 1 numbers of `rand` by the Fisher–Yates shuffle, from the last entry to the second; then for each
   * block B from m numbers of `rand`, with a negative sign below ½, and G from m numbers of `randn`.
   *
   * @param size The number of parameters D.
   * @param dimension The dimension d of ω, in [1, D].
   * @param random The random generator.
   * @throws RangeError for another dimension.
   */
  constructor(
    readonly size: number,
    readonly dimension: number,
    random: RandomState,
  ) {
    checkDimension(dimension, size);
    const order = 2 ** Math.ceil(Math.log2(dimension));
    this.hadamard = new WalshHadamard(order);
    this.constants = drawnConstants(order, size, random);
  }

  project(omega: tf.Tensor): tf.Tensor1D {
    return projected(this, omega);
  }

  dispose(): void {
    this.hadamard.dispose();
    tf.dispose(Object.values(this.constants));
  }

  /** Computes P·ω. */
  multiply(omega: tf.Tensor1D): tf.Tensor1D {
    const { signs, permutation, normals } = this.constants;
    return tf.tidy(() => {
      const coordinates = paddedTo(this.hadamard.order, omega).reshape([-1, 1]);
      const mixed = this.hadamard.transform(coordinates.mul(signs));
      const rows = this.hadamard.transform(mixed.gather(permutation).mul(normals));
      return rows.reshape<tf.Tensor1D>([-1]).slice(0, this.size);
    });
  }

  /** Computes Pᵀ·g by the transposed factors of P in reverse order. */
  multiplyTransposed(gradient: tf.Tensor1D): tf.Tensor1D {
    const { signs, inverse, normals } = this.constants;
    return tf.tidy(() => {
      const rows = paddedTo(signs.size, gradient).reshape<tf.Tensor2D>(signs.shape);
      const mixed = this.hadamard.transform(rows).mul<tf.Tensor2D>(normals).gather(inverse);
      const coordinates = this.hadamard.transform(mixed).mul(signs).sum<tf.Tensor1D>(1);
      return coordinates.slice(0, this.dimension);
    });
  }
}

interface Constants {
  /** B [m, blocks]. */
  signs: tf.Tensor2D;
  /** G / (√D · ‖G‖) [m, blocks]. */
  normals: tf.Tensor2D;
  /** Π [m]: the index from which each entry is taken. */
  permutation: tf.Tensor1D;
  inverse: tf.Tensor1D;
}

function drawnConstants(order: number, size: number, random: RandomState): Constants {
  const blocks = Math.ceil(size / order);
  const permutation = drawnPermutation(order, random);
  const inverse = new Int32Array(order);
  for (const [to, from] of permutation.entries()) inverse[from] = to;
  const [signs, normals] = [new Float32Array(order * blocks), new Float32Array(order * blocks)];
  for (let block = 0; block < blocks; block++) {
    const B = random.rand(order);
    const G = random.randn(order);
    const scale = 1 / Math.sqrt(size * G.reduce((sum, normal) => sum + normal ** 2, 0));
    for (let row = 0; row < order; row++) {
      signs[row * blocks + block] = B[row]! < 0.5 ? -1 : 1;
      normals[row * blocks + block] = G[row]! * scale;
    }
  }
  return {
    signs: tf.keep(tf.tensor2d(signs, [order, blocks])),
    normals: tf.keep(tf.tensor2d(normals, [order, blocks])),
    permutation: tf.keep(tf.tensor1d(permutation, "int32")),
    inverse: tf.keep(tf.tensor1d(inverse, "int32")),
  };
}

/** A random permutation of 0 … count − 1 by the Fisher–Yates shuffle. */
function drawnPermutation(count: number, random: RandomState): Int32Array {
  const permutation = Int32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random.rand()[0]! * (last + 1));
    [permutation[last], permutation[other]] = [permutation[other]!, permutation[last]!];
  }
  return permutation;
}

function paddedTo(size: number, x: tf.Tensor1D): tf.Tensor1D {
  return x.pad([[0, size - x.size]]);
}
