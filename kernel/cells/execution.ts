import type { RunRequest } from "../link/messages";

/** A cell that is being executed, or was. */
export interface Execution extends RunRequest {
  controller: AbortController;
  /** Set once an interrupted cell is over: nothing that it has started goes on. */
  isAbandoned: boolean;
  isOver: boolean;
  /** What is to be called if the cell fails or is interrupted. */
  failureCallbacks: Set<() => void>;
}

/** What a cell throws that the user has interrupted. */
export class Interrupted extends Error {
  override name = "Interrupted";
  constructor() {
    super("the cell was interrupted");
  }
}

/** @param heed Called when the cell looks at its signal after it was aborted, or is told by it. */
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
