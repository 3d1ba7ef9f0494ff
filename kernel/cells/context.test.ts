import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { context, hideNotes } from "./context";
import type { Execution } from "./execution";

const cell = (id: number) => ({ id }) as Execution;

test("code knows its cell after an await, in timers and in callbacks, also where cells take turns", async () => {
  const seen: (number | undefined)[] = [];
  const work = async () => {
    await null;
    seen.push(context.get()?.id);
    await sleep(5);
    setImmediate(() => seen.push(context.get()?.id));
    await new Promise((done) => setTimeout(done, 5));
    seen.push(context.get()?.id);
  };
  await Promise.all([1, 2].map((id) => context.run(cell(id), work)));
  assert.deepEqual(
    seen.sort(),
    [1, 2].flatMap((id) => [id, id, id]),
  );
  assert.equal(context.get(), undefined);
});

test("a promise of a cell is printed as Node prints it", () => {
  // The test runner of Node 24 uses hooks of its own.
  hideNotes();
  const shown = context.run(cell(1), () => inspect([Promise.resolve(1), new Promise(() => {})]));
  assert.equal(shown, "[ Promise { 1 }, Promise { <pending> } ]");
});
