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

/** The state of an optimizer for one parameter. */
export interface Slot<Options> {
  readonly parameter: tf.Variable;
  readonly group: ParameterGroup<Options>;
  /** Tensors of the parameter's shape that remember earlier gradients; zeros at first. */
  readonly buffers: Record<string, tf.Variable>;
  /** The number of steps taken. */
  step: number;
}

/** The scalars of an update that change from step to step, such as the learning rate. */
export type Scalars = Readonly<Record<string, tf.Scalar>>;

/**
 * The base class of the optimizers, with parameter groups, steps and a state to save: PyTorch's
 * `torch.optim.Optimizer`.
 *
 * A step has two halves, so that the second can be compiled: `advance` computes in float64 what changes from step to
 * step; `apply` takes it as a tensor, and is tensor operations and assignments only. As in PyTorch, each parameter
 * counts its own steps, and one without a gradient is left as it is.
 *
 * Departures from PyTorch: parameters have names and gradients are passed by them, since tensors here carry no
 * gradient of their own; `lr` is the only option that can change after construction; buffers are there from the
 * start, as zeros.
 */
export abstract class Optimizer<Options extends { lr: number }> implements Stateful {
  /** Schedulers read and write their `lr`. */
  readonly groups: readonly ParameterGroup<Options>[];
  private readonly slots = new Map<string, Slot<Options>>();

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
    for (const group of this.groups) this.checkRanges(group);
    checkParameters(this.groups.map((group) => group.parameters));
    for (const group of this.groups) {
      for (const [name, parameter] of Object.entries(group.parameters)) {
        this.slots.set(name, this.slotOf(parameter, group));
      }
    }
  }

  /** Every option with its default. */
  protected abstract defaults(): Options;

  /** @throws Error for an option out of its range. */
  protected abstract checkRanges(options: Options): void;

  /** The buffers that a parameter with these options needs. */
  protected abstract bufferNames(options: Options): string[];

  /** The numbers that `update` needs at a step, the first of which is 1. */
  protected abstract scalarsAt(step: number, options: Options): Record<string, number>;

  /** Assigns a parameter and its buffers their new values, by tensor operations only. */
  protected abstract update(slot: Slot<Options>, gradient: tf.Tensor, scalars: Scalars): void;

  /**
   * A step down the gradients.
   *
   * @throws Error for a gradient of no parameter or of another shape, or a learning rate out of its range; nothing
   * has changed then.
   */
  step(gradients: Gradients): void {
    this.checkGradients(gradients);
    const scalars = this.advance(Object.keys(gradients));
    tf.tidy(() => this.apply(gradients, tf.tensor1d(scalars)));
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

  /**
   * The first half of a step: counts it.
   *
   * @param names The parameters that will have a gradient. Default: all.
   * @returns What changes from step to step, for `apply`: the numbers of one parameter after another, of all.
   * @throws Error for a learning rate out of its range; nothing has changed then.
   */
  advance(names: Iterable<string> = this.slots.keys()): Float32Array {
    const slots = Array.from(names, (name) => this.slot(name));
    for (const { lr } of this.groups) requireNonNegative("lr", lr);
    for (const slot of slots) slot.step++;
    return Float32Array.from([...this.slots.values()].flatMap((slot) => Object.values(this.scalarsOf(slot))));
  }

  /**
   * Takes back the counting of the last steps, which were not applied.
   *
   * @param names The parameters that would have had a gradient. Default: all.
   */
  rewind(steps: number, names: Iterable<string> = this.slots.keys()): void {
    for (const name of names) this.slot(name).step -= steps;
  }

  /**
   * The second half of a step: reads no tensor's values.
   *
   * @param scalars What `advance` has returned, as a tensor.
   * @throws Error for a gradient of no parameter or of another shape; nothing has changed then.
   */
  apply(gradients: Gradients, scalars: tf.Tensor1D): void {
    this.checkGradients(gradients);
    tf.tidy(() => {
      const numbers = tf.unstack(scalars) as tf.Scalar[];
      for (const [name, slot] of this.slots) {
        const keys = Object.keys(this.scalarsOf(slot));
        const own = Object.fromEntries(keys.map((key) => [key, numbers.shift()!]));
        if (gradients[name]) this.update(slot, gradients[name], own);
      }
    });
  }

  /** "lr" [groups] and, for each parameter, "step.NAME" [] and its buffers, such as "momentum.NAME", of its shape. */
  state(): State {
    const rates = Float64Array.from(this.groups, ({ lr }) => lr);
    const state: State = { lr: { shape: [rates.length], values: rates } };
    for (const [name, { step, buffers }] of this.slots) {
      state[`step.${name}`] = { shape: [], values: Uint32Array.of(step) };
      for (const [buffer, variable] of Object.entries(buffers))
        state[`${buffer}.${name}`] = savedVariable(variable);
    }
    return state;
  }

  /** @throws Error if names, shapes or types are not those of `state()`; nothing has changed then. */
  restore(state: State): void {
    checkLayout(state, this.state());
    this.groups.forEach((group, i) => {
      group.lr = state["lr"].values[i];
    });
    for (const [name, slot] of this.slots) {
      slot.step = state[`step.${name}`].values[0];
      for (const [buffer, variable] of Object.entries(slot.buffers)) {
        assignSaved(variable, state[`${buffer}.${name}`]);
      }
    }
  }

  /** Frees the buffers; the parameters stay. */
  dispose(): void {
    for (const { buffers } of this.slots.values()) tf.dispose(buffers);
  }

  private slotOf(parameter: tf.Variable, group: ParameterGroup<Options>): Slot<Options> {
    const slot: Slot<Options> = { parameter, group, buffers: {}, step: 0 };
    for (const name of this.bufferNames(group)) {
      slot.buffers[name] = tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false));
    }
    return slot;
  }

  private scalarsOf({ step, group }: Slot<Options>): Record<string, number> {
    return this.scalarsAt(Math.max(step, 1), group);
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
