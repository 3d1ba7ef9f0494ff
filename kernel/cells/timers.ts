import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { context } from "./context";

type Callback = (...args: unknown[]) => unknown;
type Scheduler = (callback: Callback, ...rest: unknown[]) => unknown;

const isAbandoned = () => context.get()?.isAbandoned ?? false;

/**
 * Prevents the callbacks of an abandoned cell from running, so that a loop with waits between its steps really stops,
 * even if it does not check its AbortSignal.
 */
export function silenceTimersOfAbandonedCells(): void {
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    const replacement = silenced(globalThis[name] as unknown as Scheduler);
    Object.assign(globalThis, { [name]: replacement });
    Object.assign(timers, { [name]: replacement });
  }
  globalThis.queueMicrotask = silenced(globalThis.queueMicrotask as Scheduler) as typeof queueMicrotask;
  process.nextTick = silenced(process.nextTick as Scheduler) as typeof process.nextTick;
  for (const name of ["setTimeout", "setImmediate"] as const) {
    const original = timersPromises[name] as (...args: unknown[]) => Promise<unknown>;
    const replacement = async (...args: unknown[]) => {
      const value = await original(...args);
      return isAbandoned() ? new Promise(() => {}) : value;
    };
    Object.assign(timersPromises, { [name]: replacement });
  }
}

function silenced(original: Scheduler): Scheduler {
  const scheduler: Scheduler = (callback, ...rest) =>
    // Anything that is not a function is left for Node to reject.
    typeof callback === "function"
      ? original((...args) => isAbandoned() || callback(...args), ...rest)
      : original(callback, ...rest);
  return Object.defineProperties(scheduler, Object.getOwnPropertyDescriptors(original));
}
