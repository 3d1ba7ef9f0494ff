import { tf } from "../backend/tf";
import { Adam, type AdamOptions } from "./adam";
import { type Scalars, type ScalarVectors, type Slot, towardsGoal } from "./optimizer";

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): `torch.optim.AdamW`, in its order of
 * operations.
 *
 * A parameter is multiplied by 1 − lr·weightDecay, then takes Adam's step; weightDecay is 0.01 by default, and as in
 * PyTorch the decay follows the learning rate.
 */
export class AdamW extends Adam {
  protected override defaults(): AdamOptions {
    return { ...super.defaults(), weightDecay: 0.01 };
  }

  protected override scalars(vectors: { lr: tf.Tensor1D; step: tf.Tensor1D }): ScalarVectors {
    const weightDecay = this.perParameter((options) => options.weightDecay);
    return { ...super.scalars(vectors), shrink: tf.sub(1, tf.mul(vectors.lr, weightDecay)) };
  }

  protected override update(slot: Slot<AdamOptions>, gradient: tf.Tensor, scalars: Scalars): void {
    const { parameter, group } = slot;
    if (group.weightDecay !== 0) parameter.assign(tf.mul(parameter, scalars.shrink));
    this.descend(slot, towardsGoal(gradient, group.maximize), scalars);
  }
}
