import { AsyncLocalStorage, AsyncResource, createHook, executionAsyncResource } from "node:async_hooks";
import type { Execution } from "./execution";

/**
 * Knows which cell the running code belongs to, also in a callback or after an `await`: an AsyncLocalStorage that leaves
 * no trace on the promises that a user prints.
 */
export interface CellContext {
  get(): Execution | undefined;
  run<T>(cell: Execution | undefined, work: () => T): T;
  /** Makes the requests that abandoned cells wait for, such as for a file, end without their callbacks. */
  muteAbandoned(): void;
}

const cellOf = Symbol("cell");
type Resource = { [cellOf]?: Execution };

/** Since version 24, Node keeps the contexts of AsyncLocalStorage apart from its promises. */
const isClean = Number(process.versions.node.split(".")[0]) >= 24;

export const context: CellContext = isClean ? fromStorage() : fromHook();

function fromStorage(): CellContext {
  const storage = new AsyncLocalStorage<Execution | undefined>();
  return {
    get: () => storage.getStore(),
    run: (cell, work) => storage.run(cell, work),
    // Which cell a request belongs to, Node tells from within its callback only.
    muteAbandoned() {},
  };
}

/** The cell is noted on what Node hands from an operation to its continuation, out of sight of `util.inspect`. */
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
      // An operation of its own: an interrupt that cuts it off leaves nothing on the one around it.
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

/** Makes a request to the system end without its callback: Node calls `oncomplete` when it is done. */
export function mute(request: object): void {
  Object.defineProperty(request, "oncomplete", { get: () => () => {}, set() {}, configurable: true });
}

/** Node notes its own numbers on each promise while hooks are in use; `util.inspect` would print them. */
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
