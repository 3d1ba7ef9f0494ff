/** One output in several representations, keyed by MIME type; binary types are base64. */
export type MimeBundle = Record<string, unknown>;

/** What an object implements to be displayed as a MIME bundle, as in Deno's Jupyter kernel. */
export const jupyterDisplay = Symbol.for("Jupyter.display");

/** What a Jupyter kernel provides to the library: displays, and a signal that an interrupt aborts. */
export interface Host {
  /** Shows a bundle below the running cell; with `update`, replaces the earlier output of the same `id`. */
  display(bundle: MimeBundle, options?: { id?: string; update?: boolean }): void;
  /** Removes the running cell's output so far; with `wait`, not before the next output arrives. */
  clearOutput(wait?: boolean): void;
  /**
   * Calls back when the running cell fails or is interrupted, while it can still show something. Unlike the signal,
   * this says nothing about whether the cell heeds its interrupts. A callback is called once, however often it is given.
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

const never = new AbortController().signal;

/** Outside Jupyter a display is its text, printed once: updates of it are left out. */
const terminal: Host = {
  display(bundle, { update = false } = {}) {
    if (!update && typeof bundle["text/plain"] === "string") console.log(bundle["text/plain"]);
  },
  clearOutput() {},
  onFailure() {},
  onCutOff() {},
  signal: never,
};

const key = Symbol.for("weightspace.host");

/** The kernel that runs this process, or the terminal where there is none. */
export function host(): Host {
  return (globalThis as { [key]?: Host })[key] ?? terminal;
}

/** Called by the kernel, once, before the first cell. */
export function installHost(kernel: Host): void {
  (globalThis as { [key]?: Host })[key] = kernel;
}
