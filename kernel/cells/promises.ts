import { inspect, types } from "node:util";

/**
 * Waits for one tick, in which a promise to be shown may settle: the promise of an `async` function that does not
 * wait is shown as `Promise { 5 }`. A rejection that is shown is not reported again as unhandled.
 */
export async function beforeShown(value: unknown): Promise<void> {
  if (!types.isPromise(value)) return;
  // Node runs ticks when the microtask queue is empty, and checks for unhandled rejections after them.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  if (isRejected(value)) Promise.prototype.then.call(value, undefined, () => {});
}

/** Only the inspector can read a promise's state. */
function isRejected(promise: Promise<unknown>): boolean {
  return /^[^{]*\{\s*<rejected>/.test(inspect(promise, { customInspect: false, depth: 0 }));
}
