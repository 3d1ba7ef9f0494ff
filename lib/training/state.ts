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
