import { tf } from "../backend/tf";
import { variableGrads } from "../backend/variable-grads";
import { checkLayout, type State, type Stateful } from "../checkpoint/state";
import { assignSaved, type NamedVariables, savedVariable } from "../checkpoint/variables";
import { checkOptions, requireNonNegative } from "../checks/check-options";

/** Gradients by the name of their parameter. */
export type Gradients = Readonly<Record<string, tf.Tensor>>;

/** Parameters, and the options in which they differ from the optimizer's own. */
export type GroupOptions<Options> = Partial<Options> & { readonly parameters: NamedVariables };

/** Parameters and all their options. */
export type ParameterGroup<Options> = Options & { readonly parameters: NamedVariables };

/** A parameter, its options, and what its optimizer remembers of earlier gradients. */
export interface Slot<Options> {
  readonly parameter: tf.Variable;
  readonly group: ParameterGroup<Options>;
  /** Variables of the parameter's shape, zeros at first, by the names that `bufferNames` gives. */
  readonly buffers: Record<string, tf.Variable>;
}

/** What an update needs for one parameter that may change from step to step, such as its learning rate, by name. */
export type Scalars = Readonly<Record<string, tf.Scalar>>;

/** The same for all parameters: vectors with an element for each, [parameters]. */
export type ScalarVectors = Readonly<Record<string, tf.Tensor1D>>;

/** What a training asks of its optimizer's learning-rate schedule. */
export interface Scheduler extends Stateful {
  /**
   * Called at the end of each epoch; changes `lr` in the optimizer's groups.
   *
   * @param loss The loss of the epoch's last batch.
   */
  step(loss: number): void;
}

/**
 * The base class of the optimizers, with parameter groups, a step count and a state to save: PyTorch's
 * `torch.optim.Optimizer`.
 *
 * A step is tensor operations and assignments only, so that it runs inside of `compile`: learning rates and step
 * counts are variables. As in PyTorch, each parameter counts its own steps, and one without a gradient is left as it
 * is. An optimizer of one's own extends this class by `defaults` and `update`, and by `bufferNames`, `scalars` and
 * `checkRanges` where it needs them.
 *
 * Departures from PyTorch: parameters have names and gradients are passed by them, since tensors here carry no
 * gradient of their own; `lr` is the only option that can change after construction, and is used as a float32;
 * buffers are there from the start, as zeros; steps are counted up to 2^24, after which the count stays.
 *
 * @example
 * class SignSGD extends Optimizer<{ lr: number }> {
 *   protected defaults() {
 *     return { lr: 1e-3 };
 *   }
 *   protected update({ parameter }: Slot<{ lr: number }>, gradient: tf.Tensor, { lr }: Scalars) {
 *     parameter.assign(tf.sub(parameter, tf.mul(tf.sign(gradient), lr)));
 *   }
 * }
 */
export abstract class Optimizer<Options extends { lr: number }> implements Stateful {
  /** Schedulers read and write their `lr`; one out of its range is an error, and changes nothing. */
  readonly groups: readonly ParameterGroup<Options>[];
  private readonly slots = new Map<string, Slot<Options>>();
  /** The learning rate of each parameter, [parameters]. */
  private readonly rates: tf.Variable<tf.Rank.R1>;
  /** The steps that each parameter has taken, [parameters]. */
  private readonly counts: tf.Variable<tf.Rank.R1>;

  /**
   * @param parameters All of them, or groups of them.
   * @param options The options of groups that do not give their own.
   * @throws Error for no parameters, a parameter that is not a float32 variable, a parameter or a name given twice,
   * or an option that is not known or out of its range.
   */
  constructor(parameters: NamedVariables | GroupOptions<Options>[], options: Partial<Options> = {}) {
    const groups = Array.isArray(parameters) ? parameters : [{ parameters }];
    const defaults = this.defaults();
    const known = Object.keys(defaults);
    checkOptions(this.constructor.name, options, known);
    groups.forEach((group, i) => {
      if (!isRecord(group) || !isRecord(group.parameters)) {
        throw new Error(`Group ${i} has no parameters by their names, expected { parameters: { NAME: … } }`);
      }
      checkOptions(`Group ${i} of ${this.constructor.name}`, group, ["parameters", ...known]);
    });
    this.groups = groups.map((group) => ({ ...defaults, ...options, ...group }));
    for (const group of this.groups) {
      requireNonNegative("lr", group.lr);
      this.checkRanges(group);
    }
    checkParameters(this.groups.map((group) => group.parameters));
    for (const group of this.groups) {
      for (const [name, parameter] of Object.entries(group.parameters)) {
        this.slots.set(name, this.slotOf(parameter, group));
      }
    }
    this.counts = tf.tidy(() => tf.variable(tf.zeros([this.slots.size]), false));
    this.rates = tf.tidy(() =>
      tf.variable(
        this.perParameter(({ lr }) => lr),
        false,
      ),
    );
    for (const group of this.groups) this.watchRate(group);
  }

  /** Every option with its default. */
  protected abstract defaults(): Options;

  /** @throws Error for an option out of its range; `lr` has been checked. */
  protected checkRanges(_options: Options): void {}

  /** The names of the buffers that a parameter with these options needs. Default: none. */
  protected bufferNames(_options: Options): string[] {
    return [];
  }

  /**
   * What `update` gets for each parameter, computed for all of them at once by tensor operations. Default: what it is
   * given.
   *
   * @param vectors Each parameter's learning rate, and the number of its step, 1 at the first.
   */
  protected scalars(vectors: { lr: tf.Tensor1D; step: tf.Tensor1D }): ScalarVectors {
    return vectors;
  }

  /** Assigns a parameter and its buffers their new values, by tensor operations only. */
  protected abstract update(slot: Slot<Options>, gradient: tf.Tensor, scalars: Scalars): void;

  /**
   * A step down the gradients. It reads no tensor's values, so it can be part of a step that `compile` makes.
   *
   * @throws Error for a gradient of no parameter or of another shape; nothing has changed then.
   */
  step(gradients: Gradients): void {
    this.checkGradients(gradients);
    tf.tidy(() => {
      this.counts.assign(tf.add(this.counts, this.mask(gradients)));
      const vectors = Object.entries(this.scalars({ lr: this.rates, step: this.counts }));
      const columns = vectors.map(([name, vector]) => [name, tf.unstack(vector) as tf.Scalar[]] as const);
      [...this.slots].forEach(([name, slot], i) => {
        if (!gradients[name]) return;
        const scalars = Object.fromEntries(columns.map(([scalar, values]) => [scalar, values[i]!]));
        this.update(slot, gradients[name], scalars);
      });
    });
  }

  /**
   * A step down the gradients of a loss.
   *
   * @returns The loss before the step, for the caller to dispose of.
   */
  minimize(lossFunction: () => tf.Scalar): tf.Scalar {
    return tf.tidy(() => {
      const { loss, gradients } = this.differentiate(lossFunction);
      this.step(gradients);
      return loss;
    });
  }

  /**
   * A loss and its gradients; a parameter that it does not depend on, or that is not trainable, has none.
   *
   * @throws Error for a loss that is no scalar.
   */
  differentiate(lossFunction: () => tf.Scalar): { loss: tf.Scalar; gradients: Gradients } {
    const variables = Array.from(this.slots.values(), ({ parameter }) => parameter);
    const checked = () => {
      const loss = lossFunction();
      if (loss.rank !== 0) throw new Error(`The loss is [${loss.shape}], expected a scalar`);
      return loss;
    };
    const { value, grads } = variableGrads(checked, variables);
    const gradients: Record<string, tf.Tensor> = {};
    for (const [name, { parameter }] of this.slots) {
      const gradient = grads[parameter.name];
      if (gradient) gradients[name] = gradient;
    }
    return { loss: value, gradients };
  }

  /** "lr" [groups] and, for each parameter, "step.NAME" [] and its buffers, such as "momentum.NAME", of its shape. */
  state(): State {
    const rates = Float64Array.from(this.groups, ({ lr }) => lr);
    const state: State = { lr: { shape: [rates.length], values: rates } };
    const counts = this.counts.dataSync();
    [...this.slots].forEach(([name, { buffers }], i) => {
      state[`step.${name}`] = { shape: [], values: Uint32Array.of(counts[i]!) };
      for (const [buffer, variable] of Object.entries(buffers))
        state[`${buffer}.${name}`] = savedVariable(variable);
    });
    return state;
  }

  /** @throws Error if names, shapes or types are not those of `state()`, or for a rate out of its range; nothing has changed then. */
  restore(state: State): void {
    checkLayout(state, this.state());
    const { values: rates } = state["lr"];
    for (const rate of rates) requireNonNegative("lr", rate);
    this.groups.forEach((group, i) => {
      group.lr = rates[i];
    });
    const counts = Float32Array.from([...this.slots.keys()].map((name) => state[`step.${name}`].values[0]));
    assignSaved(this.counts, { shape: [counts.length], values: counts });
    for (const [name, { buffers }] of this.slots) {
      for (const [buffer, variable] of Object.entries(buffers)) {
        assignSaved(variable, state[`${buffer}.${name}`]);
      }
    }
  }

  /** Frees all but the parameters, which stay. */
  dispose(): void {
    this.rates.dispose();
    this.counts.dispose();
    for (const { buffers } of this.slots.values()) tf.dispose(buffers);
  }

  /** A number that depends on a parameter's options, for each parameter, [parameters]. */
  protected perParameter(number: (options: Options) => number): tf.Tensor1D {
    return tf.tensor1d(Float32Array.from([...this.slots.values()].map(({ group }) => number(group))));
  }

  /** 1 for each parameter that has a gradient, else 0, [parameters]. */
  private mask(gradients: Gradients): tf.Tensor1D {
    return tf.tensor1d(Float32Array.from([...this.slots.keys()].map((name) => (gradients[name] ? 1 : 0))));
  }

  /** Lets a change of a group's `lr` through to the variable that the steps read. */
  private watchRate(group: ParameterGroup<Options>): void {
    let rate = group.lr;
    Object.defineProperty(group, "lr", {
      enumerable: true,
      get: () => rate,
      set: (lr: number) => {
        requireNonNegative("lr", lr);
        rate = lr;
        tf.tidy(() => this.rates.assign(this.perParameter((options) => options.lr)));
      },
    });
  }

  private slotOf(parameter: tf.Variable, group: ParameterGroup<Options>): Slot<Options> {
    const slot: Slot<Options> = { parameter, group, buffers: {} };
    for (const name of this.bufferNames(group)) {
      slot.buffers[name] = tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false));
    }
    return slot;
  }

  private slot(name: string): Slot<Options> {
    const slot = this.slots.get(name);
    if (slot) return slot;
    throw new Error(`No parameter is named "${name}", expected one of ${[...this.slots.keys()].join(", ")}`);
  }

  private checkGradients(gradients: Gradients): void {
    for (const [name, { shape }] of Object.entries(gradients)) {
      const { parameter } = this.slot(name);
      if (!tf.util.arraysEqual(shape, parameter.shape)) {
        throw new Error(`The gradient of "${name}" is [${shape}], expected [${parameter.shape}]`);
      }
    }
  }
}

/** The direction to descend: the gradient, or its negative to maximize. */
export function towardsGoal(gradient: tf.Tensor, maximize: boolean): tf.Tensor {
  return maximize ? tf.neg(gradient) : gradient;
}

/** Adds the gradient of the L2 penalty ½·weightDecay·|parameter|². */
export function withL2(gradient: tf.Tensor, parameter: tf.Tensor, weightDecay: number): tf.Tensor {
  return weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(parameter, weightDecay));
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof tf.Tensor);
}

function checkParameters(groups: NamedVariables[]): void {
  const named = groups.flatMap((parameters) => Object.entries(parameters));
  if (named.length === 0) throw new Error("An optimizer got no parameters, expected at least one");
  const seen = new Map<string | tf.Variable, string>();
  for (const [name, variable] of named) {
    if (!(variable instanceof tf.Variable)) {
      throw new Error(`Parameter "${name}" is no tf.Variable, expected one`);
    }
    if (variable.dtype !== "float32") {
      throw new Error(`Parameter "${name}" is ${variable.dtype}, expected float32`);
    }
    if (seen.has(name)) throw new Error(`Two parameters are named "${name}", expected one`);
    if (seen.has(variable)) {
      throw new Error(`Parameters "${seen.get(variable)}" and "${name}" are one variable, expected it once`);
    }
    seen.set(name, name).set(variable, name);
  }
}
