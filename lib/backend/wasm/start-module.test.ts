import assert from "node:assert/strict";
import { test } from "node:test";
import { startWasmModule } from "./start-module";

const listeners = () =>
  ["uncaughtException", "unhandledRejection"].map((event) => process.rawListeners(event));

test("starting and disposing of the program leaves the process's listeners unchanged", () => {
  const mine = () => {};
  process.on("unhandledRejection", mine);
  const before = listeners();
  const { tfjs } = startWasmModule();
  assert.deepEqual(listeners(), before);
  tfjs.initWithThreadsCount(1);
  tfjs.dispose();
  assert.deepEqual(listeners(), before);
  process.off("unhandledRejection", mine);
});

test("malloc throws when memory is exhausted instead of returning the address 0", () => {
  const module = startWasmModule() as unknown as { _malloc(bytes: number): number };
  assert.ok(module._malloc(0) >>> 0 > 0);
  assert.ok(module._malloc(100) >>> 0 > 0);
  for (const bytes of [2 ** 32 - 2 ** 16, 2 ** 32, 2 ** 33 + 100]) {
    assert.throws(() => module._malloc(bytes), new RegExp(`no room for a tensor of ${bytes} bytes.*4 GiB`));
  }
});
