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

export interface SGDOptions {
  /** The learning rate, from 0. Default: 1e-3. */
  lr: number;
  /** How much of the buffer of earlier gradients a step keeps, from 0. Default: 0, no buffer. */
  readonly momentum: number;
  /** The factor of the parameter that is added to its gradient, from 0. Default: 0. */
  readonly weightDecay: number;
  /** Whether a step looks ahead along its momentum (Nesterov's). Default: false. */
  readonly nesterov: boolean;
}

/**
 * Stochastic gradient descent with momentum and weight decay: `torch.optim.SGD`, in its order of operations.
 *
 * For a parameter θ with gradient g: g ← g + weightDecay·θ; the buffer b ← momentum·b + g; θ ← θ − lr·b, or
 * θ − lr·(g + momentum·b) with Nesterov momentum. State: "momentum.NAME" where momentum is not 0.
 *
 * Departures from PyTorch: dampening is 0 always; nothing is maximized.
 *
 * @example
 * const optimizer = new SGD({ "l1.weight": weight, "l1.bias": bias }, { lr: 0.1 });
 * const loss = optimizer.minimize(() => crossEntropy(network(images), labels));
 */
export class SGD extends Optimizer<SGDOptions> {
  /** @throws Error as `Optimizer`, and for Nesterov momentum of momentum 0. */
  constructor(parameters: NamedVariables | GroupOptions<SGDOptions>[], options: Partial<SGDOptions> = {}) {
    super(parameters, { lr: 1e-3, momentum: 0, weightDecay: 0, nesterov: false, ...options });
  }

  protected checkOptions({ lr, momentum, weightDecay, nesterov }: SGDOptions): void {
    requireNonNegative("lr", lr);
    requireNonNegative("momentum", momentum);
    requireNonNegative("weightDecay", weightDecay);
    if (nesterov && momentum === 0) throw new Error("momentum is 0, expected more for Nesterov momentum");
  }

  protected bufferNames({ momentum }: SGDOptions): string[] {
    return momentum === 0 ? [] : ["momentum"];
  }

  protected scalarsAt(_step: number, { lr }: SGDOptions): Record<string, number> {
    return { lr };
  }

  protected update(slot: Slot<SGDOptions>, gradient: tf.Tensor, { lr }: Scalars): void {
    const { momentum, weightDecay } = slot.group;
    const direction = withL2(gradient, slot.parameter, weightDecay);
    if (momentum === 0) descend(slot.parameter, direction, lr);
    else descendWithMomentum(slot, direction, lr);
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
