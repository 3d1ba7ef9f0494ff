import { tf } from "../backend/tf";
import type { NamedVariables } from "../checkpoint/variables";
import { type GroupOptions, Optimizer, requireNonNegative, type Slot, withL2 } from "./optimizer";

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
 * Adam (Kingma and Ba 2015, algorithm 1) with weight decay as an L2 penalty: `torch.optim.Adam`, in its order of
 * operations.
 *
 * At step t, for a parameter θ with gradient g: g ← g + weightDecay·θ; m ← β₁·m + (1 − β₁)·g;
 * v ← β₂·v + (1 − β₂)·g²; θ ← θ − lr/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + eps). State: "firstMoment.NAME" and
 * "secondMoment.NAME".
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

  protected scalarsAt(step: number, { lr, betas }: AdamOptions): Record<string, number> {
    const [correction1, correction2] = betas.map((beta) => 1 - beta ** step);
    return { stepSize: lr / correction1, rootCorrection2: Math.sqrt(correction2) };
  }

  protected update(slot: Slot<AdamOptions>, gradient: tf.Tensor): void {
    this.descend(slot, withL2(gradient, slot.parameter, slot.group.weightDecay));
  }

  /** Adam's step without decay. */
  protected descend({ parameter, group, buffers, scalars }: Slot<AdamOptions>, gradient: tf.Tensor): void {
    const { betas, eps } = group;
    const { firstMoment, secondMoment } = buffers;
    firstMoment.assign(lerp(firstMoment, gradient, 1 - betas[0]));
    secondMoment.assign(
      tf.add(tf.mul(secondMoment, betas[1]), tf.mul(tf.mul(gradient, 1 - betas[1]), gradient)),
    );
    const denominator = tf.add(tf.div(tf.sqrt(secondMoment), scalars.rootCorrection2.tensor), eps);
    const change = tf.div(tf.mul(firstMoment, scalars.stepSize.tensor), denominator);
    parameter.assign(tf.sub(parameter, change));
  }
}

/** From `start` to `end` by a fraction, rounded as `torch.lerp`: from the nearer end. */
function lerp(start: tf.Tensor, end: tf.Tensor, fraction: number): tf.Tensor {
  const way = tf.sub(end, start);
  return fraction < 0.5 ? tf.add(start, tf.mul(way, fraction)) : tf.sub(end, tf.mul(way, 1 - fraction));
}
