/**
 * What the thread of the cells and the receiver's thread see of each other at once, also while a cell computes: 32-bit
 * numbers in shared memory.
 */
export class SharedState {
  private readonly slots: Int32Array;

  constructor(readonly buffer = new SharedArrayBuffer(4 * Object.keys(places).length)) {
    this.slots = new Int32Array(buffer);
  }

  get(name: Place): number {
    return Atomics.load(this.slots, places[name]);
  }

  set(name: Place, value: number): void {
    Atomics.store(this.slots, places[name], value);
    Atomics.notify(this.slots, places[name]);
  }

  /** Blocks the thread while a place holds a value. */
  waitWhile(name: Place, value: number): void {
    while (this.get(name) === value) Atomics.wait(this.slots, places[name], value);
  }
}

const places = {
  /** The cell that runs, or 0. */
  running: 0,
  /** The cell that has noticed its interrupt, and stops by itself. */
  heeding: 1,
  /** Counts the questions "does the event loop turn?", and below, those that were answered. */
  asked: 2,
  answered: 3,
  /** Counts what may end the waiting of a `prompt`. */
  news: 4,
} as const;

type Place = keyof typeof places;
