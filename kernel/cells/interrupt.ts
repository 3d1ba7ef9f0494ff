import { AsyncLocalStorage } from "node:async_hooks";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import type { Cell } from "./session";

/** Knows, also in a callback or after an `await`, which cell the running code belongs to. */
export const running = new AsyncLocalStorage<Cell>();

const isSilenced = () => running.getStore()?.isAbandoned ?? false;

/**
 * Makes the timers of an abandoned cell never fire, so that a loop that waits between its steps really stops, even
 * one that does not look at its AbortSignal.
 */
export function silenceTimersOfAbandonedCells(): void {
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    const original = globalThis[name] as (
      callback: (...args: unknown[]) => void,
      ...rest: unknown[]
    ) => unknown;
    const wrapped = (callback: (...args: unknown[]) => void, ...rest: unknown[]) =>
      original((...args) => isSilenced() || callback(...args), ...rest);
    const replacement = Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
    Object.assign(globalThis, { [name]: replacement });
    Object.assign(timers, { [name]: replacement });
  }
  for (const name of ["setTimeout", "setImmediate"] as const) {
    const original = timersPromises[name] as (...args: unknown[]) => Promise<unknown>;
    const replacement = async (...args: unknown[]) => {
      const value = await original(...args);
      return isSilenced() ? new Promise(() => {}) : value;
    };
    Object.assign(timersPromises, { [name]: replacement });
  }
}
