import { tf } from "../backend/tf";
import { Adam, type AdamOptions } from "./adam";
import { type Scalars, type Slot, towardsGoal } from "./optimizer";

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

  protected override scalarsAt(step: number, options: AdamOptions): Record<string, number> {
    return { ...super.scalarsAt(step, options), shrink: 1 - options.lr * options.weightDecay };
  }

  protected override update(slot: Slot<AdamOptions>, gradient: tf.Tensor, scalars: Scalars): void {
    const { parameter, group } = slot;
    if (group.weightDecay !== 0) parameter.assign(tf.mul(parameter, scalars.shrink));
    this.descend(slot, towardsGoal(gradient, group.maximize), scalars);
  }
}
