import assert from "node:assert/strict";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isDone, make } from "./step.mjs";

/**
 * A step that works, but for what is given.
 *
 * @param {Partial<import("./step.mjs").Step>} [change]
 */
function newStep(change = {}) {
  const folder = mkdtempSync(join(tmpdir(), "step-"));
  return {
    name: "step",
    stamp: join(folder, "stamp"),
    stampText: () => "1",
    make: async () => {},
    ...change,
  };
}

test("a step is done once it is made", async () => {
  const step = newStep();
  assert.equal(isDone(step), false);
  await make(step);
  assert.equal(isDone(step), true);
});

test("a step whose ingredients changed is not done", async () => {
  const step = newStep();
  await make(step);
  assert.equal(isDone({ ...step, stampText: () => "2" }), false);
});

test("a step carries no stamp while it is made again, not even the one it had before", async () => {
  let stampSeen;
  const step = newStep({
    make: async () => {
      stampSeen = existsSync(step.stamp);
    },
  });
  writeFileSync(step.stamp, "0");
  await make(step);
  assert.equal(stampSeen, false);
});

test("a step that fails is not done", async () => {
  const step = newStep({ make: () => Promise.reject(new Error("no network")) });
  await assert.rejects(make(step), /no network/);
  assert.equal(isDone(step), false);
});

test("a step that the project can do without fails aloud, is not done, and stops nothing", async (t) => {
  const log = t.mock.method(console, "log");
  const step = newStep({
    make: () => Promise.reject(new Error("no compiler")),
    otherwise: "It goes on more slowly.",
  });
  await make(step);
  assert.equal(isDone(step), false);
  assert.match(log.mock.calls.at(-1)?.arguments[0], /no compiler\nIt goes on more slowly\./);
});
