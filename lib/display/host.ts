/** The representations of one output by MIME type; binary types are base64. */
export type MimeBundle = Record<string, unknown>;

/** The symbol of the method that returns an object's MIME bundle, as in Deno's Jupyter kernel. */
export const jupyterDisplay = Symbol.for("Jupyter.display");

/** The services that a Jupyter kernel provides to the library. */
export interface Host {
  /** Displays a bundle below the running cell; with `update`, replaces the earlier output of the same `id`. */
  display(bundle: MimeBundle, options?: { id?: string; update?: boolean }): void;
  /** Clears the running cell's output; with `wait`, not until the next output arrives. */
  clearOutput(wait?: boolean): void;
  /**
   * Registers a callback for the failure or interrupt of the running cell, called while the cell can still display
   * output. Unlike reading the signal, this does not tell the kernel that the cell handles interrupts. A callback that
   * is registered several times is called once.
   */
  onFailure(callback: () => void): void;
  /**
   * Registers a callback for each time an interrupt cuts code off without running its `finally` blocks, to do their
   * work. A callback replaces an earlier one of the same name.
   */
  onCutOff(name: string, callback: () => void): void;
  /** Aborted when the user interrupts the running cell. */
  readonly signal: AbortSignal;
}

const never = new AbortController().signal;

/** The host outside Jupyter, which prints the text of a display once and ignores updates. */
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

/** The kernel that runs this process, or the terminal if there is none. */
export function host(): Host {
  return (globalThis as { [key]?: Host })[key] ?? terminal;
}

/** Installs the kernel as the host; the kernel calls it once before the first cell. */
export function installHost(kernel: Host): void {
  (globalThis as { [key]?: Host })[key] = kernel;
}
