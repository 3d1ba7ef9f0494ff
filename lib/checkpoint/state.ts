/** An array with its shape, as saved in a checkpoint. */
export interface SavedArray {
  shape: number[];
  /** The elements in row-major order. */
  values: Float32Array | Float64Array | Int32Array | Uint32Array;
}

/** Arrays by name, such as a network's parameters. */
export type State = Record<string, SavedArray>;

/** An object whose state can be saved and restored, so that an interrupted training run resumes exactly. */
export interface Stateful {
  /** Returns a copy of the state, which later changes do not affect. */
  state(): State;
  /**
   * Restores a saved state.
   *
   * @throws Error if `state` was not saved from such an object.
   */
  restore(state: State): void;
}

/**
 * Combines several stateful objects into one, which prefixes each array's name with its part: "model.l1.weight".
 *
 * @param parts The objects by the names of the parts.
 * @returns The combined object. Its `restore` throws an Error for arrays of unknown parts; where a part throws, earlier
 *   parts stay restored.
 */
export function composed(parts: Record<string, Stateful>): Stateful {
  return {
    state: () =>
      Object.fromEntries(
        Object.entries(parts).flatMap(([part, stateful]) =>
          Object.entries(stateful.state()).map(([name, array]) => [`${part}.${name}`, array]),
        ),
      ),
    restore(state) {
      const prefixes = Object.keys(parts).map((part) => `${part}.`);
      const foreign = Object.keys(state).filter(
        (name) => !prefixes.some((prefix) => name.startsWith(prefix)),
      );
      if (foreign.length > 0) {
        throw new Error(
          `The state has the arrays [${foreign.join(", ")}], expected only arrays of the parts [${Object.keys(parts).join(", ")}]`,
        );
      }
      for (const [part, stateful] of Object.entries(parts)) stateful.restore(partOf(state, `${part}.`));
    },
  };
}

function partOf(state: State, prefix: string): State {
  return Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
}

/**
 * Checks that a state has the same names, shapes and types as another.
 *
 * @throws Error that names the missing, unexpected or differing arrays.
 */
export function checkLayout(state: State, expected: State): void {
  const missing = Object.keys(expected).filter((name) => !Object.hasOwn(state, name));
  const foreign = Object.keys(state).filter((name) => !Object.hasOwn(expected, name));
  if (missing.length > 0 || foreign.length > 0) {
    throw new Error(`The state lacks [${missing.join(", ")}], and [${foreign.join(", ")}] were not expected`);
  }
  for (const name of Object.keys(expected)) {
    const [got, wanted] = [layoutOf(state[name]), layoutOf(expected[name])];
    if (got !== wanted) throw new Error(`The state's "${name}" is ${got}, expected ${wanted}`);
  }
}

function layoutOf({ shape, values }: SavedArray): string {
  return `[${shape}] in a ${values.constructor.name} of ${values.length}`;
}
