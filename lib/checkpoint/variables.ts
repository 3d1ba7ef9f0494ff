import { tf } from "../backend/tf";
import { checkLayout, type SavedArray, type Stateful } from "./state";

/** A network's parameters by name, such as "l1.weight". */
export type NamedVariables = Readonly<Record<string, tf.Variable>>;

/**
 * Makes variables stateful, with each array under its variable's name. Its `restore` throws an Error, and changes
 * nothing, unless names, shapes and types match.
 *
 * @param variables float32 variables by name.
 */
export function variablesState(variables: NamedVariables): Stateful {
  const state = () =>
    Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, savedVariable(variable)]));
  return {
    state,
    restore(saved) {
      checkLayout(saved, state());
      for (const [name, variable] of Object.entries(variables)) assignSaved(variable, saved[name]!);
    },
  };
}

/** Copies a float32 variable's shape and values. */
export function savedVariable(variable: tf.Variable): SavedArray {
  return { shape: variable.shape.slice(), values: new Float32Array(variable.dataSync()) };
}

/** Assigns a copy of saved values, since a tensor may keep the array from which it is made. */
export function assignSaved(variable: tf.Variable, { shape, values }: SavedArray): void {
  tf.tidy(() => variable.assign(tf.tensor(new Float32Array(values), shape)));
}
