/**
 * The state that the cells' thread and the receiver's thread share at once, even while a cell computes: 32-bit
 * numbers in shared memory.
 */
export class SharedState {
  private readonly slots: Int32Array;

  constructor(readonly buffer = new SharedArrayBuffer(4 * Object.keys(PLACES).length)) {
    this.slots = new Int32Array(buffer);
  }

  get(name: Place): number {
    return Atomics.load(this.slots, PLACES[name]);
  }

  set(name: Place, value: number): void {
    Atomics.store(this.slots, PLACES[name], value);
    Atomics.notify(this.slots, PLACES[name]);
  }

  /** Blocks the thread while a slot holds a value. */
  waitWhile(name: Place, value: number): void {
    while (this.get(name) === value) Atomics.wait(this.slots, PLACES[name], value);
  }
}

const PLACES = {
  /** The id of the running cell, or 0. */
  running: 0,
  /** The id of the cell that has noticed its interrupt and is finishing by itself. */
  heeding: 1,
  /** The number of times the receiver asked whether the event loop turns; the next slot is the number of answers. */
  asked: 2,
  answered: 3,
  /** The number of events that may end the wait of a `prompt`. */
  news: 4,
} as const;

type Place = keyof typeof PLACES;
