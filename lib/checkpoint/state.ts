/** An array as a checkpoint holds it. */
export interface SavedArray {
  shape: number[];
  /** Row by row. */
  values: Float32Array | Float64Array | Int32Array | Uint32Array;
}

/** Arrays by name, such as a network's parameters. */
export type State = Record<string, SavedArray>;

/** Anything a training must remember to go on after a cut as if there had been none. */
export interface Stateful {
  /** A copy of the state: what happens later leaves it as it is. */
  state(): State;
  /** @throws Error if `state` is not that of such an object. */
  restore(state: State): void;
}

/**
 * Several states as one: what each part saves is named after the part, "model.l1.weight".
 *
 * A restore that fails may leave some parts restored and others not.
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
          `The state has [${foreign.join(", ")}], expected arrays of [${Object.keys(parts).join(", ")}]`,
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

/** @throws Error unless a state has the names, shapes and types of another. */
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
