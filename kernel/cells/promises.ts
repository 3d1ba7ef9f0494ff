import { inspect, types } from "node:util";

/**
 * Waits for one turn, in which a promise that is shown may settle: what an `async` function returns without waiting
 * is shown as `Promise { 5 }`. A rejection that is shown is not reported a second time as one that nobody handles.
 */
export async function beforeShown(value: unknown): Promise<void> {
  if (!types.isPromise(value)) return;
  // Node runs its ticks when no microtask is left, and looks for unhandled rejections after them.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  if (isRejected(value)) Promise.prototype.then.call(value, undefined, () => {});
}

/** JavaScript tells a promise's state to nobody but the inspector. */
function isRejected(promise: Promise<unknown>): boolean {
  return /^[^{]*\{\s*<rejected>/.test(inspect(promise, { customInspect: false, depth: 0 }));
}
