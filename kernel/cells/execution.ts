import type { RunRequest } from "../link/messages";

/** A cell that is being executed, or has been. */
export interface Execution extends RunRequest {
  controller: AbortController;
  /** Set when an interrupted cell is over: none of its pending work continues. */
  isAbandoned: boolean;
  isOver: boolean;
  /** The callbacks for the case that the cell fails or is interrupted. */
  failureCallbacks: Set<() => void>;
}

/** The error of a cell that the user has interrupted. */
export class Interrupted extends Error {
  override name = "Interrupted";
  constructor() {
    super("the cell was interrupted");
  }
}

/** @param heed Called when the cell reads its signal after the abort, or is notified by it. */
export function beginExecution(request: RunRequest, heed: () => void): Execution {
  const controller = new AbortController();
  const { signal } = controller;
  Object.defineProperty(signal, "aborted", {
    get() {
      const aborted = Reflect.get(AbortSignal.prototype, "aborted", signal) as boolean;
      if (aborted) heed();
      return aborted;
    },
  });
  const addListener = signal.addEventListener.bind(signal);
  signal.addEventListener = (type: string, ...rest: [listener: () => void]) => {
    if (type === "abort") addListener("abort", heed, { once: true });
    addListener(type, ...rest);
  };
  return { ...request, controller, isAbandoned: false, isOver: false, failureCallbacks: new Set() };
}
