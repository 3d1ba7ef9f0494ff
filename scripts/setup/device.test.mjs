import assert from "node:assert/strict";
import { test } from "node:test";
import { deviceOf } from "./device.mjs";

test("a device is named by one flag, none leaves it as it is, and both are refused", () => {
  assert.equal(deviceOf({ cpu: false, gpu: true }), "gpu");
  assert.equal(deviceOf({ cpu: true, gpu: false }), "cpu");
  assert.equal(deviceOf({ cpu: false, gpu: false }), undefined);
  assert.throws(() => deviceOf({ cpu: true, gpu: true }), /--cpu and --gpu exclude each other/);
});
