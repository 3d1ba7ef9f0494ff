import { checkLayout, type State, type Stateful } from "../checkpoint/state";
import { checkOptions, requireNonNegative } from "../checks/check-options";

/** Options of `ReduceLROnPlateau`, named as PyTorch's. */
export interface ReduceLROnPlateauOptions {
  /** Whether the metric should fall or rise. Default: "min". */
  mode?: "min" | "max";
  /** What learning rates are multiplied by, from 0 to below 1. Default: 0.1. */
  factor?: number;
  /** The steps without improvement that are let pass. Default: 10. */
  patience?: number;
  /** How much better than the best a metric must be to count as an improvement, from 0. Default: 1e-4. */
  threshold?: number;
  /** Whether the threshold is a fraction of the best or a difference from it. Default: "rel". */
  thresholdMode?: "rel" | "abs";
  /** The steps after a reduction that do not count as without improvement. Default: 0. */
  cooldown?: number;
  /** The least learning rate, of all groups or of each. Default: 0. */
  minLr?: number | number[];
  /** A reduction by no more than this is left out. Default: 1e-8. */
  eps?: number;
}

/**
 * Multiplies every group's learning rate by a factor when a metric has stopped improving: PyTorch's
 * `lr_scheduler.ReduceLROnPlateau`, its learning rates bit for bit. A metric of NaN is no improvement.
 *
 * Its state is the best metric and the counts; the learning rates are in the optimizer's.
 *
 * @example
 * const scheduler = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 3 });
 * scheduler.step(validationLoss);
 */
export class ReduceLROnPlateau implements Stateful {
  private readonly options: Required<ReduceLROnPlateauOptions>;
  private readonly minLrs: number[];
  private best: number;
  private badSteps = 0;
  private cooldownLeft = 0;

  /** @throws Error for an option that is not known or out of its range, or another number of `minLr` than of groups. */
  constructor(
    private readonly optimizer: { readonly groups: readonly { lr: number }[] },
    options: ReduceLROnPlateauOptions = {},
  ) {
    checkOptions("ReduceLROnPlateau", options, Object.keys(DEFAULTS));
    this.options = { ...DEFAULTS, ...options };
    const { minLr } = this.options;
    this.minLrs = Array.isArray(minLr) ? minLr : optimizer.groups.map(() => minLr);
    this.checkRanges();
    this.best = this.options.mode === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  /**
   * To be called after each evaluation.
   *
   * @param metric What should fall or rise, such as the validation loss.
   * @throws Error for a metric that is not a number, such as a tensor.
   */
  step(metric: number): void {
    if (typeof metric !== "number") throw new Error(`The metric is ${metric}, expected a number`);
    if (this.improvesOnBest(metric)) {
      this.best = metric;
      this.badSteps = 0;
    } else {
      this.badSteps++;
    }
    if (this.cooldownLeft > 0) {
      this.cooldownLeft--;
      this.badSteps = 0;
    }
    if (this.badSteps > this.options.patience) {
      this.reduce();
      this.cooldownLeft = this.options.cooldown;
      this.badSteps = 0;
    }
  }

  state(): State {
    return {
      best: { shape: [], values: Float64Array.of(this.best) },
      badSteps: { shape: [], values: Uint32Array.of(this.badSteps) },
      cooldownLeft: { shape: [], values: Uint32Array.of(this.cooldownLeft) },
    };
  }

  restore(state: State): void {
    checkLayout(state, this.state());
    this.best = state["best"].values[0];
    this.badSteps = state["badSteps"].values[0];
    this.cooldownLeft = state["cooldownLeft"].values[0];
  }

  private improvesOnBest(metric: number): boolean {
    const { mode, threshold, thresholdMode } = this.options;
    const sign = mode === "min" ? -1 : 1;
    const goal = thresholdMode === "rel" ? this.best * (1 + sign * threshold) : this.best + sign * threshold;
    return mode === "min" ? metric < goal : metric > goal;
  }

  private reduce(): void {
    const { factor, eps } = this.options;
    this.optimizer.groups.forEach((group, i) => {
      const reduced = Math.max(group.lr * factor, this.minLrs[i]);
      if (group.lr - reduced > eps) group.lr = reduced;
    });
  }

  private checkRanges(): void {
    const { mode, factor, patience, threshold, thresholdMode, cooldown, eps } = this.options;
    requireOneOf("mode", mode, ["min", "max"]);
    requireOneOf("thresholdMode", thresholdMode, ["rel", "abs"]);
    if (!(factor >= 0 && factor < 1)) throw new Error(`factor is ${factor}, expected 0 ≤ factor < 1`);
    requireCount("patience", patience);
    requireCount("cooldown", cooldown);
    requireNonNegative("threshold", threshold);
    requireNonNegative("eps", eps);
    for (const minLr of this.minLrs) requireNonNegative("minLr", minLr);
    const groups = this.optimizer.groups.length;
    if (this.minLrs.length !== groups) {
      throw new Error(`minLr has ${this.minLrs.length} numbers, expected one for each of ${groups} groups`);
    }
  }
}

const DEFAULTS: Required<ReduceLROnPlateauOptions> = {
  mode: "min",
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  thresholdMode: "rel",
  cooldown: 0,
  minLr: 0,
  eps: 1e-8,
};

function requireOneOf(name: string, value: string, values: string[]): void {
  if (!values.includes(value)) throw new Error(`${name} is "${value}", expected ${values.join(" or ")}`);
}

function requireCount(name: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 0)) {
    throw new Error(`${name} is ${value}, expected an integer from 0`);
  }
}
