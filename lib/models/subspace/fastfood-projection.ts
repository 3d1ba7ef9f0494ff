import { tf } from "../../backend/tf";
import type { RandomState } from "../../random/numpy";
import { checkDimension, type Projection, projected } from "./projection";
import { WalshHadamard } from "./walsh-hadamard";

/**
 * θ = P·ω with a random P that is never made (Li et al. 2018, by Le, Sarlós & Smola 2013, equation 7). With m the least
 * power of two that holds ω, P is a stack of ⌈D/m⌉ blocks
 *
 *     H·G·Π·H·B / (√D · ‖G‖)
 *
 * of which the first d columns and D rows in all are used: H the Hadamard matrix of order m, B random signs and G normal
 * numbers, both anew for each block, and Π a random permutation. A product with P, or with its transpose, takes
 * O(D log d) time, and P takes O(D) memory: 8 bytes for each row of the blocks, which are fewer than D + m, and 8·m for
 * Π and its inverse.
 *
 * The columns have length 1 in the mean square, and exactly where m divides D; any two have a product of mean 0 and of
 * the order of √(2/D). So the mean of ‖P·ω‖² is ‖ω‖² for every ω.
 *
 * Departures from Le et al.: S gives all rows of a block one length, for the sake of the columns', not the random lengths
 * that rows of normal numbers have; one Π serves all blocks, which is several times faster, and which the lengths and
 * the products of whole columns do not depend on; the blocks are interleaved, the first row of each before the second of
 * any. Li et al.'s code has the same scale and no S either, but one block, whose order is the least power of two that
 * holds D; ω is filled up to it.
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
   * Draws Π, as m − 1 numbers of `rand`, by which the entries from the last to the second change places with one not
   * after them; then for each block B, as m numbers of `rand`, negative below ½, and G, as m of `randn`.
   *
   * @param size The number of parameters D.
   * @param dimension From 1 to `size`.
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

  /** P·ω. */
  multiply(omega: tf.Tensor1D): tf.Tensor1D {
    const { signs, permutation, normals } = this.constants;
    return tf.tidy(() => {
      const coordinates = paddedTo(this.hadamard.order, omega).reshape([-1, 1]);
      const mixed = this.hadamard.transform(coordinates.mul(signs));
      const rows = this.hadamard.transform(mixed.gather(permutation).mul(normals));
      return rows.reshape<tf.Tensor1D>([-1]).slice(0, this.size);
    });
  }

  /** Pᵀ·g: the factors of P the other way round. */
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
  /** Π [m]: where an entry comes from. */
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

/** A permutation of 0 … count − 1 by the shuffle of Fisher and Yates. */
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
