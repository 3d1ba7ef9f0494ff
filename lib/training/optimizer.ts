import { tf } from "../backend/tf";
import { checkLayout, type State, type Stateful } from "../checkpoint/state";
import { assignSaved, type NamedVariables, savedVariable } from "../checkpoint/variables";

/** Gradients by the name of their parameter. */
export type Gradients = Readonly<Record<string, tf.Tensor>>;

/** Parameters, and the options in which they differ from the optimizer's own. */
export type GroupOptions<Options> = Partial<Options> & { readonly parameters: NamedVariables };

/** Parameters and all their options. */
export type ParameterGroup<Options> = Options & { readonly parameters: NamedVariables };

/** What an optimizer keeps of one parameter. */
export interface Slot<Options> {
  readonly parameter: tf.Variable;
  readonly group: ParameterGroup<Options>;
  /** Tensors of the parameter's shape that remember earlier gradients; zeros at first. */
  readonly buffers: Record<string, tf.Variable>;
  /** The numbers that change from step to step. */
  readonly scalars: Record<string, ScalarVariable>;
  /** The steps taken. */
  step: number;
}

/**
 * What the optimizers share: parameter groups, steps, and a state to save; PyTorch's `torch.optim.Optimizer`.
 *
 * A step has two halves, so that the second can be recorded as a graph and replayed: `advance` computes in float64
 * what changes from step to step and assigns it to scalar variables; `apply` is tensor operations and assignments
 * only. As in PyTorch, each parameter counts its own steps, and one without a gradient is left as it is.
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
   * or an option out of its range.
   */
  constructor(parameters: NamedVariables | GroupOptions<Options>[], options: Options) {
    const groups = Array.isArray(parameters) ? parameters : [{ parameters }];
    this.groups = groups.map((group) => ({ ...options, ...group }));
    for (const group of this.groups) this.checkOptions(group);
    checkParameters(this.groups.map((group) => group.parameters));
    for (const group of this.groups) {
      for (const [name, parameter] of Object.entries(group.parameters)) {
        this.slots.set(name, this.slotOf(parameter, group));
      }
    }
  }

  /** @throws Error for an option out of its range. */
  protected abstract checkOptions(options: Options): void;

  /** The buffers that a parameter with these options needs. */
  protected abstract bufferNames(options: Options): string[];

  /** The numbers that `update` needs at a step, the first of which is 1. */
  protected abstract scalarsAt(step: number, options: Options): Record<string, number>;

  /** Assigns a parameter and its buffers their new values, by tensor operations only. */
  protected abstract update(slot: Slot<Options>, gradient: tf.Tensor): void;

  /**
   * A step down the gradients.
   *
   * @throws Error for a gradient of no parameter or of another shape, or a learning rate out of its range; nothing
   * has changed then.
   */
  step(gradients: Gradients): void {
    this.checkGradients(gradients);
    this.advance(Object.keys(gradients));
    this.apply(gradients);
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

  /** A loss and its gradients; a parameter that it does not depend on, or that is not trainable, has none. */
  differentiate(lossFunction: () => tf.Scalar): { loss: tf.Scalar; gradients: Gradients } {
    const variables = Array.from(this.slots.values(), ({ parameter }) => parameter);
    const { value, grads } = tf.variableGrads(lossFunction, variables);
    const gradients: Record<string, tf.Tensor> = {};
    for (const [name, { parameter }] of this.slots) {
      const gradient = grads[parameter.name];
      if (gradient) gradients[name] = gradient;
    }
    return { loss: value, gradients };
  }

  /**
   * The first half of a step: counts it and assigns the scalars that change.
   *
   * @param names The parameters that will have a gradient. Default: all.
   * @throws Error for a learning rate out of its range; nothing has changed then.
   */
  advance(names: Iterable<string> = this.slots.keys()): void {
    const slots = Array.from(names, (name) => this.slot(name));
    for (const { lr } of this.groups) requireNonNegative("lr", lr);
    for (const slot of slots) {
      slot.step++;
      const scalars = this.scalarsAt(slot.step, slot.group);
      for (const [name, value] of Object.entries(scalars)) slot.scalars[name].assign(value);
    }
  }

  /**
   * The second half of a step: reads no tensor's values.
   *
   * @throws Error for a gradient of no parameter or of another shape; nothing has changed then.
   */
  apply(gradients: Gradients): void {
    this.checkGradients(gradients);
    tf.tidy(() => {
      for (const [name, gradient] of Object.entries(gradients)) this.update(this.slot(name), gradient);
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

  /** Frees buffers and scalars; the parameters stay. */
  dispose(): void {
    for (const { buffers, scalars } of this.slots.values()) {
      for (const owned of [...Object.values(buffers), ...Object.values(scalars)]) owned.dispose();
    }
  }

  private slotOf(parameter: tf.Variable, group: ParameterGroup<Options>): Slot<Options> {
    const slot: Slot<Options> = { parameter, group, buffers: {}, scalars: {}, step: 0 };
    for (const name of this.bufferNames(group)) {
      slot.buffers[name] = tf.tidy(() => tf.variable(tf.zeros(parameter.shape), false));
    }
    for (const [name, value] of Object.entries(this.scalarsAt(1, group))) {
      slot.scalars[name] = new ScalarVariable(value);
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

/** A number in float32 as a tensor that a recorded graph can be fed with, uploaded where it changes. */
export class ScalarVariable {
  readonly tensor: tf.Variable<tf.Rank.R0>;

  constructor(private value: number) {
    this.value = Math.fround(value);
    this.tensor = tf.tidy(() => tf.variable(tf.scalar(value), false));
  }

  assign(value: number): void {
    const rounded = Math.fround(value);
    if (rounded === this.value) return;
    this.value = rounded;
    tf.tidy(() => this.tensor.assign(tf.scalar(rounded)));
  }

  dispose(): void {
    this.tensor.dispose();
  }
}

/** A gradient with that of ½·weightDecay·|parameter|² added: decay as an L2 penalty. */
export function withL2(gradient: tf.Tensor, parameter: tf.Tensor, weightDecay: number): tf.Tensor {
  return weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(parameter, weightDecay));
}

/** @throws Error unless an option is a finite number from 0. */
export function requireNonNegative(name: string, value: number): void {
  if (!(Number.isFinite(value) && value >= 0)) {
    throw new Error(`${name} is ${value}, expected a finite number from 0`);
  }
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
