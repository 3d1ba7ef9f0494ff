import { tf } from "../../backend/tf";
import type { TorchGenerator } from "../../random/torch";
import { allWeights, type Feedback, type LinearWeights } from "./feedback";

/**
 * All weights in a random projection that is never made, a count sketch (Charikar, Chen & Farach-Colton 2002; as a
 * projection, Clarkson & Woodruff 2013): each weight, with a random sign, is added to one of the numbers, and as many
 * weights to each. It takes 8 bytes and one addition a weight where `ProjectedFeedback` takes 4 · size bytes and as many
 * multiplications.
 *
 * The numbers have the variance that Xavier-uniform columns would give them, 2 / (weights + size) · ‖weights‖².
 *
 * Departure: in a count sketch each weight draws its number by itself; here a permutation deals them out evenly.
 */
export class SketchedFeedback implements Feedback {
  private signs: tf.Tensor1D | undefined;
  private order: tf.Tensor1D | undefined;

  constructor(readonly size: number) {}

  /** Draws the permutation as `randperm`, then the signs by `rand`, negative below ½. */
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
      const dealt = allWeights(weights).flatten().gather(this.order!).mul(this.signs!);
      const rounds = Math.ceil(dealt.size / this.size);
      const filled = dealt.pad([[0, rounds * this.size - dealt.size]]);
      return filled.reshape([rounds, this.size]).sum<tf.Tensor2D>(0, true);
    });
  }

  dispose(): void {
    tf.dispose([this.signs, this.order].filter((tensor) => tensor !== undefined));
  }
}
