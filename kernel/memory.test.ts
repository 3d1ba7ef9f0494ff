import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { projectFolder } from "../lib/notebook/project";
import { warmUp } from "./language/assistance";
import { Compiler } from "./language/compiler";
import { Client } from "./testing/client";

const warm = 200;
const measured = 400;

/** Cells as in the kernel's bench: names that are declared again and again, and output. */
const cell = (i: number) =>
  `const value${i % 50} = Array.from({ length: 10 }, (_, j) => j * ${i}); console.log(value${i % 50});`;

/** The number of bytes by which the heap grows per cell, between two collections. */
const growth = (before: number, after: number) => Math.round((after - before) / measured);

test("the process of the cells keeps of an old cell little more than its source and its source map", async () => {
  const client = await Client.start({ cwd: projectFolder });
  const run = async (from: number, to: number) => {
    const cells = Array.from({ length: to - from }, (_, i) => client.execute(cell(from + i)));
    const outcomes = await Promise.all(cells);
    assert.ok(outcomes.every(({ reply }) => reply.status === "ok"));
  };
  const heap = async () => Number((await client.execute("collect(); process.memoryUsage().heapUsed")).result);
  try {
    await client.execute(`import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;`);
    await run(0, warm);
    const before = await heap();
    await run(warm, warm + measured);
    const bytes = growth(before, await heap());
    assert.ok(bytes < 6000, `the heap grew by ${bytes} bytes with each cell`);
  } finally {
    await client.close();
  }
});

test("the compiler keeps nothing of an old cell", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const compiler = new Compiler(projectFolder);
  let declarations = "";
  const run = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      ({ declarations } = compiler.compile(declarations, cell(i)));
      if (i % 20 === 0) warmUp(compiler, declarations);
    }
  };
  const heap = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  run(0, warm);
  const before = heap();
  run(warm, warm + measured);
  const bytes = growth(before, heap());
  // The program of one cell alone takes some megabytes.
  assert.ok(bytes < 20_000, `the heap grew by ${bytes} bytes with each cell`);
});
