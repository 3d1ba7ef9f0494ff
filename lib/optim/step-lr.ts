import { checkLayout, type State, type Stateful } from "../checkpoint/state";
import { checkOptions, requireNonNegative } from "../checks/check-options";

/** Options of `StepLR`, named as PyTorch's. */
export interface StepLROptions {
  /** The number of calls of `step` between changes, ≥ 1. */
  stepSize: number;
  /** The factor of the learning rates, ≥ 0. Default: 0.1. */
  gamma?: number;
}

/**
 * Multiplies every group's learning rate by gamma every `stepSize` calls of `step()`: PyTorch's
 * `lr_scheduler.StepLR`, its learning rates bit for bit.
 *
 * Its state is the count of steps; the learning rates are in the optimizer's.
 *
 * @example
 * const scheduler = new StepLR(optimizer, { stepSize: 12, gamma: 0.7 });
 */
export class StepLR implements Stateful {
  private readonly stepSize: number;
  private readonly gamma: number;
  private count = 0;

  /** @throws Error for an option that is not known, a step size that is not a positive integer or a gamma below 0. */
  constructor(
    private readonly optimizer: { readonly groups: readonly { lr: number }[] },
    options: StepLROptions,
  ) {
    checkOptions("StepLR", options, ["stepSize", "gamma"]);
    const { stepSize, gamma = 0.1 } = options;
    if (!(Number.isInteger(stepSize) && stepSize > 0)) {
      throw new Error(`stepSize is ${stepSize}, expected a positive integer`);
    }
    requireNonNegative("gamma", gamma);
    this.stepSize = stepSize;
    this.gamma = gamma;
  }

  /** To be called at the end of an epoch, or of whatever `stepSize` counts. */
  step(): void {
    this.count++;
    if (this.count % this.stepSize !== 0) return;
    for (const group of this.optimizer.groups) group.lr *= this.gamma;
  }

  state(): State {
    return { count: { shape: [], values: Uint32Array.of(this.count) } };
  }

  restore(state: State): void {
    checkLayout(state, this.state());
    this.count = state["count"].values[0];
  }
}
