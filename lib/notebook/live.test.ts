import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { host, installHost, jupyterDisplay } from "./host";
import { live } from "./live";

const terminal = host();
afterEach(() => installHost(terminal));

test("drawing takes at most about a tenth of the time, and the last state is drawn", async () => {
  const shown: unknown[] = [];
  installHost({ ...terminal, display: (bundle) => void shown.push(bundle["text/plain"]) });
  let state = 0;
  const drawing = async () => {
    const text = String(state);
    await sleep(10);
    return { "text/plain": text };
  };
  const display = await live(() => ({ [jupyterDisplay]: drawing }));
  for (state = 1; state <= 60; state++) {
    await sleep(5);
    await display.refresh();
  }
  assert.ok(shown.length >= 3 && shown.length <= 6, `${shown.length} drawings in 300 ms of work`);
  await display.finish();
  assert.equal(shown.at(-1), "61");
});
