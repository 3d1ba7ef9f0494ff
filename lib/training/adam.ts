import { inPlace } from "../backend/compile/in-place";
import { tf } from "../backend/tf";
import type { NamedVariables } from "../checkpoint/variables";
import {
  type GroupOptions,
  Optimizer,
  requireNonNegative,
  type Scalars,
  type Slot,
  withL2,
} from "./optimizer";

export interface AdamOptions {
  /** The learning rate, from 0. Default: 1e-3. */
  lr: number;
  /** What the two moments keep of themselves at a step, from 0 to below 1. Default: [0.9, 0.999]. */
  readonly betas: readonly [number, number];
  /** What is added to the root of the second moment, from 0. Default: 1e-8. */
  readonly eps: number;
  /** The factor of the decay, from 0. Default: 0. */
  readonly weightDecay: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with weight decay as an L2 penalty: `torch.optim.Adam`.
 *
 * At step t, for a parameter θ with gradient g: g ← g + weightDecay·θ; m ← β₁·m + (1 − β₁)·g;
 * v ← β₂·v + (1 − β₂)·g²; θ ← θ − lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + eps). State: "firstMoment.NAME" and
 * "secondMoment.NAME".
 *
 * Computed as θ ← θ − alpha·m / (√v + epsilon) with the corrections in the two numbers, as TensorFlow does (section 2
 * of the paper, its last lines): the same but for rounding.
 *
 * Departures from PyTorch: no AMSGrad; nothing is maximized.
 */
export class Adam extends Optimizer<AdamOptions> {
  /** @throws Error as `Optimizer`. */
  constructor(parameters: NamedVariables | GroupOptions<AdamOptions>[], options: Partial<AdamOptions> = {}) {
    super(parameters, { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, ...options });
  }

  protected checkOptions({ lr, betas, eps, weightDecay }: AdamOptions): void {
    requireNonNegative("lr", lr);
    requireNonNegative("eps", eps);
    requireNonNegative("weightDecay", weightDecay);
    betas.forEach((beta, i) => {
      if (!(beta >= 0 && beta < 1)) throw new Error(`betas[${i}] is ${beta}, expected 0 ≤ β < 1`);
    });
  }

  protected bufferNames(): string[] {
    return ["firstMoment", "secondMoment"];
  }

  protected scalarsAt(step: number, { lr, betas, eps }: AdamOptions): Record<string, number> {
    // The moments decay by the betas in float32: 0.999 is 1.3e-8 off, its distance from 1 by 1.3e-5 of itself.
    const [correction1, correction2] = betas.map((beta) => 1 - Math.fround(beta) ** step);
    const root = Math.sqrt(correction2);
    return { alpha: (lr * root) / correction1, epsilon: eps * root };
  }

  protected update(slot: Slot<AdamOptions>, gradient: tf.Tensor, scalars: Scalars): void {
    this.descend(slot, withL2(gradient, slot.parameter, slot.group.weightDecay), scalars);
  }

  /** Adam's step without decay. */
  protected descend(slot: Slot<AdamOptions>, gradient: tf.Tensor, { alpha, epsilon }: Scalars): void {
    const { parameter, buffers } = slot;
    const { firstMoment, secondMoment } = buffers;
    const [beta1, beta2] = slot.group.betas;
    const none = tf.scalar(0);
    const update = {
      op: "ResourceApplyAdam",
      variables: [parameter, firstMoment, secondMoment],
      // It would correct by powers of the betas: of 0, not at all.
      inputs: [none, none, alpha, tf.scalar(beta1), tf.scalar(beta2), epsilon, gradient],
    };
    inPlace(update, () => {
      firstMoment.assign(towards(firstMoment, gradient, beta1));
      secondMoment.assign(towards(secondMoment, tf.square(gradient), beta2));
      const denominator = tf.add(tf.sqrt(secondMoment), epsilon);
      parameter.assign(tf.sub(parameter, tf.div(tf.mul(firstMoment, alpha), denominator)));
    });
  }
}

/** A moving average that keeps `kept` of itself. */
function towards(average: tf.Tensor, value: tf.Tensor, kept: number): tf.Tensor {
  return tf.add(average, tf.mul(tf.sub(value, average), 1 - Math.fround(kept)));
}
