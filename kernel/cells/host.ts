import type { MimeBundle } from "../link/messages";

/** What the running kernel offers to a library, by a global symbol: the library needs nothing of the kernel, nor it of the library. */
export interface Host {
  /** Shows a bundle below the running cell; with `update`, replaces the earlier output of the same `id`. */
  display(bundle: MimeBundle, options?: { id?: string; update?: boolean }): void;
  /** Removes the running cell's output so far; with `wait`, not before the next output arrives. */
  clearOutput(wait?: boolean): void;
  /**
   * Calls back when the running cell fails or is interrupted, while it can still show something. Unlike a listener of
   * the signal's, a callback does not make the kernel wait for the cell to stop by itself. It is called once, however
   * often it is given.
   */
  onFailure(callback: () => void): void;
  /**
   * Calls back each time that code is cut off by an interrupt, which runs none of its `finally` blocks: to put right what
   * they would have. A callback takes the place of an earlier one of the same name.
   */
  onCutOff(name: string, callback: () => void): void;
  /** Aborted when the user interrupts the running cell. */
  readonly signal: AbortSignal;
}

const key = Symbol.for("weightspace.host");

export function installHost(host: Host): void {
  Object.defineProperty(globalThis, key, { value: host, configurable: true });
}

export const currentHost = () => (globalThis as unknown as { [key]: Host })[key];
