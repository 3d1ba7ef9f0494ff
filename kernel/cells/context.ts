import { type AsyncHook, AsyncLocalStorage, createHook, executionAsyncResource } from "node:async_hooks";
import type { Execution } from "./execution";

/**
 * Knows which cell the running code belongs to, also in a callback or after an `await`: an AsyncLocalStorage that leaves
 * no trace on the promises that a user prints.
 */
export interface CellContext {
  get(): Execution | undefined;
  run<T>(cell: Execution | undefined, work: () => T): T;
}

/** Since version 24, Node keeps the contexts of AsyncLocalStorage apart from its promises. */
const isClean = Number(process.versions.node.split(".")[0]) >= 24;

export const context: CellContext = isClean ? fromStorage() : fromHook();

function fromStorage(): CellContext {
  const storage = new AsyncLocalStorage<Execution | undefined>();
  return { get: () => storage.getStore(), run: (cell, work) => storage.run(cell, work) };
}

type Resource = { [cellOf]?: Execution };
const cellOf = Symbol("cell");

/** The cell is noted on what Node hands from an operation to its continuation, out of sight of `util.inspect`. */
function fromHook(): CellContext {
  const note = (resource: object, value: Execution | undefined) =>
    Object.defineProperty(resource, cellOf, { value, writable: true, configurable: true });
  const hook: AsyncHook = createHook({
    init(_id, _type, _trigger, resource) {
      const cell = (executionAsyncResource() as Resource)[cellOf];
      if (cell) note(resource, cell);
    },
  });
  hook.enable();
  return {
    get: () => (executionAsyncResource() as Resource)[cellOf],
    run(cell, work) {
      const resource = executionAsyncResource() as Resource;
      const before = resource[cellOf];
      note(resource, cell);
      try {
        return work();
      } finally {
        // What an interrupt has cut off could not put this back.
        note(resource, before?.isAbandoned ? undefined : before);
      }
    },
  };
}
