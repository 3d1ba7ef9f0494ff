import { inPlace } from "../backend/compile/in-place";
import { tf } from "../backend/tf";
import { requireBoolean, requireNonNegative } from "../checks/check-options";
import { Optimizer, type Scalars, type ScalarVectors, type Slot, towardsGoal, withL2 } from "./optimizer";

/** Options of `SGD`, named as PyTorch's. */
export interface SGDOptions {
  /** The learning rate, ≥ 0. Default: 1e-3. */
  lr: number;
  /** The momentum factor, ≥ 0. Default: 0, no momentum buffer. */
  readonly momentum: number;
  /** Damps the gradient that is added to the momentum buffer: its factor is 1 − dampening, except at the first step. Default: 0. */
  readonly dampening: number;
  /** The coefficient of the L2 penalty, ≥ 0. Default: 0. */
  readonly weightDecay: number;
  /** Whether to use Nesterov momentum. Default: false. */
  readonly nesterov: boolean;
  /** Whether to maximize the loss. Default: false. */
  readonly maximize: boolean;
}

/**
 * Stochastic gradient descent with momentum and weight decay: `torch.optim.SGD`, in its order of operations.
 *
 * For a parameter θ with gradient g, negated to maximize: g ← g + weightDecay·θ; the buffer
 * b ← momentum·b + (1 − dampening)·g, at first b ← g; θ ← θ − lr·b, or θ − lr·(g + momentum·b) with Nesterov momentum.
 * State: "momentum.NAME" where momentum is not 0.
 *
 * @example
 * const optimizer = new SGD({ "l1.weight": weight, "l1.bias": bias }, { lr: 0.1 });
 * const loss = optimizer.minimize(() => crossEntropy(network(images), labels));
 */
export class SGD extends Optimizer<SGDOptions> {
  protected defaults(): SGDOptions {
    return { lr: 1e-3, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false };
  }

  protected override checkRanges(options: SGDOptions): void {
    const { momentum, dampening, weightDecay, nesterov, maximize } = options;
    requireNonNegative("momentum", momentum);
    if (!Number.isFinite(dampening)) throw new Error(`dampening is ${dampening}, expected a finite number`);
    requireNonNegative("weightDecay", weightDecay);
    requireBoolean("nesterov", nesterov);
    requireBoolean("maximize", maximize);
    if (nesterov && momentum === 0) throw new Error("momentum is 0, expected more for Nesterov momentum");
    if (nesterov && dampening !== 0) {
      throw new Error(`dampening is ${dampening}, expected 0 for Nesterov momentum`);
    }
  }

  protected override bufferNames({ momentum }: SGDOptions): string[] {
    return momentum === 0 ? [] : ["momentum"];
  }

  protected override scalars({ lr, step }: { lr: tf.Tensor1D; step: tf.Tensor1D }): ScalarVectors {
    if (this.groups.every(({ dampening }) => dampening === 0)) return { lr };
    const later = this.perParameter(({ dampening }) => 1 - dampening);
    return { lr, share: tf.where(tf.equal(step, 1), tf.onesLike(later), later) };
  }

  protected update(slot: Slot<SGDOptions>, gradient: tf.Tensor, { lr, share }: Scalars): void {
    const { momentum, dampening, weightDecay, maximize } = slot.group;
    const direction = withL2(towardsGoal(gradient, maximize), slot.parameter, weightDecay);
    if (momentum === 0) descend(slot.parameter, direction, lr);
    else descendWithMomentum(slot, dampening === 0 ? direction : tf.mul(direction, share), lr);
  }
}

function descend(parameter: tf.Variable, direction: tf.Tensor, lr: tf.Scalar): void {
  const update = { op: "ResourceApplyGradientDescent", variables: [parameter], inputs: [lr, direction] };
  inPlace(update, () => parameter.assign(tf.sub(parameter, tf.mul(direction, lr))));
}

function descendWithMomentum(slot: Slot<SGDOptions>, gradient: tf.Tensor, lr: tf.Scalar): void {
  const { parameter, group, buffers } = slot;
  const { momentum, nesterov } = group;
  const buffer = buffers.momentum;
  const update = {
    op: "ResourceApplyMomentum",
    variables: [parameter, buffer],
    inputs: [lr, gradient, tf.scalar(momentum)],
    flags: { use_nesterov: nesterov },
  };
  inPlace(update, () => {
    buffer.assign(tf.add(tf.mul(buffer, momentum), gradient));
    const direction = nesterov ? tf.add(gradient, tf.mul(buffer, momentum)) : buffer;
    parameter.assign(tf.sub(parameter, tf.mul(direction, lr)));
  });
}
