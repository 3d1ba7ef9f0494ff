import assert from "node:assert/strict";
import { test } from "node:test";
import { wheelTags } from "./platform.mjs";

test("a platform without TensorFlow's libraries is told which have them", () => {
  assert.throws(
    () => wheelTags("cpu", "win32-x64"),
    /exist for linux-x64, linux-arm64, darwin-arm64; this is win32-x64/,
  );
  assert.throws(() => wheelTags("cpu", "linux-x64-musl"), /this is linux-x64-musl/);
  assert.throws(
    () => wheelTags("gpu", "darwin-arm64"),
    /gpu libraries exist for linux-x64; this is darwin-arm64/,
  );
});

test("the tags name the platform's system and processor", () => {
  for (const tag of wheelTags("cpu", "linux-arm64")) assert.match(tag, /^manylinux.*aarch64$/);
  for (const tag of wheelTags("gpu", "linux-x64")) assert.match(tag, /^manylinux.*x86_64$/);
});
