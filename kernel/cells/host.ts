import type { MimeBundle } from "../link/messages";

/** What the kernel provides to a library through a global symbol, so that neither imports the other. */
export interface Host {
  /** Shows a bundle below the running cell; with `update`, replaces the earlier output of the same `id`. */
  display(bundle: MimeBundle, options?: { id?: string; update?: boolean }): void;
  /** Removes the running cell's output so far; with `wait`, not before the next output arrives. */
  clearOutput(wait?: boolean): void;
  /**
   * Calls back when the running cell fails or is interrupted, while it can still show something. Unlike a listener on
   * the signal, a callback does not make the kernel wait for the cell to finish by itself. A callback that is
   * registered several times is called once.
   */
  onFailure(callback: () => void): void;
  /**
   * Calls back each time that an interrupt terminates code without running its `finally` blocks, to restore what
   * these would have restored. A callback replaces an earlier one of the same name.
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
