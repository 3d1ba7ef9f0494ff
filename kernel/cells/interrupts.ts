import { createHook, executionAsyncResource } from "node:async_hooks";
import { Session } from "node:inspector";
import { context, hideNotes, mute } from "./context";
import { isSending } from "./outbox";
import type { SharedState } from "./shared-state";

/** What the executor lends to an interrupt; each is called in the middle of whatever runs. */
export interface Interruptible {
  /** Asks a cell to stop by itself. */
  abort(id: number): void;
  /** Ends a cell, whatever it still does. */
  giveUp(id: number): void;
  /** Puts right what the `finally` blocks of the code that is about to be cut off will not. */
  cleanUp(): void;
}

/** Node keeps a stack of asynchronous operations there, which must not be cut in the middle of a change. */
const untouchable = /^node:(internal\/)?(async_hooks|process\/|timers)/;

/** Thrown at nobody, so that Node clears its stack of asynchronous operations as it does after an uncaught error. */
const cut = new Error("cut by an interrupt");

export const isCut = (error: unknown) => error === cut;

/**
 * Lets the receiver's thread stop what runs on this one, through the V8 inspector: it evaluates these functions in the
 * middle of any JavaScript. V8 then terminates the execution, past every `catch` and `finally`, back into the event loop.
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
     * Stops what keeps the event loop from turning, unless it has answered the question meanwhile. What runs for
     * a moment only is never stopped: it might end at once, and the termination would strike Node's own timers, which
     * do not recover from that.
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

/** Until when, in the milliseconds of `performance.now()`, abandoned cells are cut off where they go on. */
let cutOffUntil = 0;

/**
 * For a second, cuts off what abandoned cells go on with after an `await`, such as the reading of a file in an endless
 * loop, and mutes the requests that their callbacks still make. V8 drops the promise reactions that wait meanwhile, so
 * not for longer. The time is looked at as well, since a hook that was cut off itself can be switched off no more.
 */
function cutOffForAMoment(terminate: () => void): void {
  cutOffUntil = performance.now() + 1000;
  const isDue = () => performance.now() < cutOffUntil && context.get()?.isAbandoned;
  const hook = createHook({
    init: (_id, _type, _trigger, resource) => isDue() && mute(resource),
    // In the callbacks of the system, Node takes an end of a hook for a fault of its own, and ends the process.
    before: () => executionAsyncResource() instanceof Promise && isDue() && terminate(),
  });
  hook.enable();
  hideNotes();
  context.run(undefined, () => setTimeout(() => hook.disable(), 1000).unref());
}

/** @param caller The function that the receiver evaluates: what it has interrupted lies below it and the evaluation. */
function isSafeToCut(caller: (argument: number) => unknown): boolean {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.prepareStackTrace = (_, sites) => sites;
    Error.stackTraceLimit = 2;
    const holder: { stack?: NodeJS.CallSite[] } = {};
    Error.captureStackTrace(holder, caller);
    return !untouchable.test(holder.stack?.[1]?.getFileName() ?? "");
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}
