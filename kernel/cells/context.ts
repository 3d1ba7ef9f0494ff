import { AsyncLocalStorage, AsyncResource, createHook, executionAsyncResource } from "node:async_hooks";
import type { Execution } from "./execution";

/**
 * Tracks which cell the running code belongs to, even in a callback or after an `await`: an AsyncLocalStorage that
 * leaves no trace on promises that a user prints.
 */
export interface CellContext {
  get(): Execution | undefined;
  run<T>(cell: Execution | undefined, work: () => T): T;
  /** Makes pending requests of abandoned cells, such as reading a file, complete without calling back. */
  muteAbandoned(): void;
}

const cellOf = Symbol("cell");
type Resource = { [cellOf]?: Execution };

/** Since version 24, Node stores the contexts of AsyncLocalStorage outside of promises. */
const isClean = Number(process.versions.node.split(".")[0]) >= 24;

export const context: CellContext = isClean ? fromStorage() : fromHook();

function fromStorage(): CellContext {
  const storage = new AsyncLocalStorage<Execution | undefined>();
  return {
    get: () => storage.getStore(),
    run: (cell, work) => storage.run(cell, work),
    // Here Node tells the cell of a request only from within the request's callback.
    muteAbandoned() {},
  };
}

/**
 * Stores the cell on the resource that Node passes from an operation to its continuation, hidden from `util.inspect`.
 */
function fromHook(): CellContext {
  const note = (resource: object, value: Execution | undefined) =>
    Object.defineProperty(resource, cellOf, { value, writable: true, configurable: true });
  const hook = createHook({
    init(_id, _type, _trigger, resource) {
      const cell = (executionAsyncResource() as Resource)[cellOf];
      if (cell) note(resource, cell);
      if (cell?.isAbandoned) mute(resource);
    },
  });
  hook.enable();
  hideNotes();
  return {
    get: () => (executionAsyncResource() as Resource)[cellOf],
    run(cell, work) {
      // A separate operation, so that an interrupt that terminates it leaves nothing behind on the surrounding one.
      const operation = new AsyncResource("cell");
      note(operation, cell);
      return operation.runInAsyncScope(work);
    },
    muteAbandoned() {
      const { _getActiveRequests } = process as unknown as { _getActiveRequests(): Resource[] };
      for (const request of _getActiveRequests()) if (request[cellOf]?.isAbandoned) mute(request);
    },
  };
}

/** Makes a request to the system complete without calling back: Node calls `oncomplete` when it is done. */
export function mute(request: object): void {
  Object.defineProperty(request, "oncomplete", { get: () => () => {}, set() {}, configurable: true });
}

/**
 * While hooks are in use, Node stores its own numbers on each promise, which `util.inspect` would print. This hides
 * them.
 */
export function hideNotes(): void {
  for (const symbol of Object.getOwnPropertySymbols(Promise.resolve())) {
    Object.defineProperty(Promise.prototype, symbol, {
      get: () => undefined,
      set(value) {
        Object.defineProperty(this, symbol, { value, writable: true, configurable: true });
      },
      configurable: true,
    });
  }
}
