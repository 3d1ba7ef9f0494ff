import { createHook, executionAsyncResource } from "node:async_hooks";
import { Session } from "node:inspector";
import { context, hideNotes, mute } from "./context";
import { isSending } from "./outbox";
import type { SharedState } from "./shared-state";

/** What the executor provides to an interrupt. Each function is called in the middle of whatever code is running. */
export interface Interruptible {
  /** Asks a cell to finish by itself. */
  abort(id: number): void;
  /** Ends a cell, whatever it is still doing. */
  giveUp(id: number): void;
  /** Restores what the `finally` blocks of the code that is about to be terminated would have restored. */
  cleanUp(): void;
}

/** The files in which Node changes its stack of asynchronous operations, which a termination must not interrupt. */
const UNTOUCHABLE = /^node:(internal\/)?(async_hooks|process\/|timers)/;

/**
 * An error that reaches no user, thrown so that Node clears its stack of asynchronous operations as after an uncaught
 * error.
 */
const cut = new Error("cut by an interrupt");

export const isCut = (error: unknown) => error === cut;

/**
 * Lets the receiver's thread stop the code running on this thread through V8's inspector, which evaluates these
 * functions in the middle of any JavaScript. V8 then terminates the execution, past every `catch` and `finally`, back
 * to the event loop.
 */
export function allowInterrupts(state: SharedState, executor: Interruptible): void {
  const inspector = new Session();
  inspector.connect();
  const terminate = () => {
    executor.cleanUp();
    (process as unknown as { _fatalException?(error: Error): void })._fatalException?.(cut);
    inspector.post("Runtime.terminateExecution");
  };
  const interrupts = {
    abort: (id: number) => executor.abort(id),
    giveUp(id: number) {
      if (isSending()) return "not now";
      if (state.get("running") !== id) return "over";
      executor.giveUp(id);
      context.muteAbandoned();
      cutOffForAMoment(terminate);
      return "done";
    },
    /**
     * Terminates the code that blocks the event loop, unless the loop has answered the question in the meantime. Code
     * that runs only briefly is never terminated: it might end by itself at that moment, and the termination would
     * hit Node's own timers, which do not recover from it.
     */
    stop(question: number) {
      if (state.get("answered") >= question) return "turned";
      if (isSending() || !isSafeToCut(interrupts.stop)) return "not now";
      terminate();
      return "done";
    },
  };
  Object.defineProperty(globalThis, Symbol.for("weightspace.interrupts"), { value: interrupts });
}

/** The time, by `performance.now()`, until which code of abandoned cells is terminated when it resumes. */
let cutOffUntil = 0;

/**
 * For one second, terminates code of abandoned cells that resumes after an `await`, such as reading a file in an
 * endless loop, and mutes the requests that their callbacks still make. It lasts no longer because V8 drops the
 * promise reactions that are queued at a termination. The time is checked as well, since a hook that has been
 * terminated itself can no longer be disabled.
 */
function cutOffForAMoment(terminate: () => void): void {
  cutOffUntil = performance.now() + 1000;
  const isDue = () => performance.now() < cutOffUntil && context.get()?.isAbandoned;
  const hook = createHook({
    init: (_id, _type, _trigger, resource) => isDue() && mute(resource),
    // In callbacks of the system, Node takes the termination of a hook for an internal error and ends the process.
    before: () => executionAsyncResource() instanceof Promise && isDue() && terminate(),
  });
  hook.enable();
  hideNotes();
  context.run(undefined, () => setTimeout(() => hook.disable(), 1000).unref());
}

/**
 * @param caller The function that the receiver evaluates; the interrupted code is below it and the evaluation on the
 *   stack.
 */
function isSafeToCut(caller: (argument: number) => unknown): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.prepareStackTrace = (_, sites) => sites;
    Error.stackTraceLimit = 2;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, caller);
    return !UNTOUCHABLE.test(holder.stack?.[1]?.getFileName() ?? "");
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
