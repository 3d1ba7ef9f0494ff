import { tf } from "../../backend/tf";
import type { TorchGenerator } from "../../random/torch";
import { allWeights, type Feedback, type LinearWeights } from "./feedback";

/**
 * A count sketch of all weights, an implicit random projection (Charikar, Chen & Farach-Colton 2002; as a projection,
 * Clarkson & Woodruff 2013): each weight is added with a random sign to one of the outputs. It takes 8 bytes and one
 * addition per weight, where `ProjectedFeedback` takes 4 · size bytes and `size` multiplications.
 *
 * The outputs have the variance that Xavier-uniform columns would give, 2 / (weights + size) · ‖weights‖².
 *
 * Departure: in a count sketch each weight draws its output independently; here a random permutation distributes the
 * weights evenly.
 */
export class SketchedFeedback implements Feedback {
  private signs: tf.Tensor1D | undefined;
  private order: tf.Tensor1D | undefined;

  /** @param size The number of additional inputs, ≥ 1. */
  constructor(readonly size: number) {}

  /** Draws the permutation by `randperm`, then the signs by `rand`, negative below ½. */
  prepare({ fc1, fc2 }: { fc1: [number, number]; fc2: [number, number] }, generator: TorchGenerator): void {
    const count = fc1[0] * (fc1[1] + fc2[0]);
    const scale = Math.sqrt((2 * this.size) / (count + this.size));
    this.order = tf.keep(tf.tensor1d(generator.randperm(count), "int32"));
    this.signs = tf.keep(
      tf.tensor1d(generator.rand([count]).map((uniform) => (uniform < 0.5 ? -scale : scale))),
    );
  }

  features(weights: LinearWeights): tf.Tensor2D {
    return tf.tidy(() => {
      const signed = allWeights(weights).flatten().gather(this.order!).mul(this.signs!);
      const rows = Math.ceil(signed.size / this.size);
      const padded = signed.pad([[0, rows * this.size - signed.size]]);
      return padded.reshape([rows, this.size]).sum<tf.Tensor2D>(0, true);
    });
  }

  dispose(): void {
    tf.dispose([this.signs, this.order].filter((tensor) => tensor !== undefined));
  }
}
