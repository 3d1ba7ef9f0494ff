import assert from "node:assert/strict";
import { test } from "node:test";
import { setting, useSettings } from "./settings";

test("a later setting goes before an earlier one, whose others stay; a getter is called when it is asked for", () => {
  assert.equal(setting("threads"), undefined);
  let reads = 0;
  useSettings({
    threads: 2,
    get dataFolder() {
      reads++;
      return "a";
    },
  });
  useSettings({ threads: 1, dataFolder: undefined });
  assert.equal(reads, 0);
  assert.deepEqual([setting("threads"), setting("dataFolder"), setting("backend")], [1, "a", undefined]);
  assert.equal(reads, 1);
});
