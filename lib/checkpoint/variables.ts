import { tf } from "../backend/tf";
import { checkLayout, type SavedArray, type Stateful } from "./state";

/** A network's parameters by name, such as "l1.weight". */
export type NamedVariables = Readonly<Record<string, tf.Variable>>;

/** The values of variables as a state, under the variables' names. */
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

/** A copy of a variable's values. */
export function savedVariable(variable: tf.Variable): SavedArray {
  return { shape: variable.shape.slice(), values: new Float32Array(variable.dataSync()) };
}

/** Copies, since a tensor may keep the array it is made of. */
export function assignSaved(variable: tf.Variable, { shape, values }: SavedArray): void {
  tf.tidy(() => variable.assign(tf.tensor(new Float32Array(values), shape)));
}
