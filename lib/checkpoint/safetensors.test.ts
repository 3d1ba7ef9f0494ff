import assert from "node:assert/strict";
import { test } from "node:test";
import fixture from "./fixtures/safetensors.json";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";
import type { State } from "./state";

const fromPython = Buffer.from(fixture.base64, "base64");
const state: State = {
  weight: { shape: [2, 3], values: Float32Array.of(0, 0.25, 0.5, 0.75, 1, 1.25) },
  count: { shape: [], values: Uint32Array.of(7) },
  order: { shape: [3], values: Int32Array.of(3, -1, 2) },
  rate: { shape: [1], values: Float64Array.of(0.1) },
};

test("decodeSafetensors reads what Python's safetensors wrote", () => {
  assert.deepEqual(decodeSafetensors(fromPython), { state, metadata: { step: "12" } });
});

test("what is encoded decodes to the same, also arrays that are views and empty ones", () => {
  const whole = Float64Array.from({ length: 10 }, (_, i) => i);
  const views: State = {
    odd: { shape: [1], values: Uint32Array.of(1) },
    view: { shape: [3], values: whole.subarray(4, 7) },
    none: { shape: [0], values: new Float32Array() },
  };
  const { state: read, metadata } = decodeSafetensors(encodeSafetensors(views, { a: "ü" }));
  assert.deepEqual(read["view"], { shape: [3], values: Float64Array.of(4, 5, 6) });
  assert.deepEqual(read["none"], views["none"]);
  assert.deepEqual(metadata, { a: "ü" });
});

test("the header is padded so that the numbers start at a multiple of eight bytes, as the format asks", () => {
  for (const name of ["a", "ab", "abc", "abcd"]) {
    const bytes = encodeSafetensors({ [name]: state["rate"]! }, {});
    assert.equal(Number(Buffer.from(bytes).readBigUInt64LE()) % 8, 0);
  }
});

test("a file cut anywhere is refused with its size and what was expected", () => {
  for (const size of [0, 5, 8, 100, fromPython.length - 1]) {
    assert.throws(
      () => decodeSafetensors(fromPython.subarray(0, size)),
      new RegExp(`cut: it has ${size} bytes`),
    );
  }
});

test("another file is refused", () => {
  const noJson = Buffer.alloc(16);
  noJson.writeBigUInt64LE(8n);
  assert.throws(() => decodeSafetensors(noJson), /its header is no JSON/);
  const bytes = Buffer.from(encodeSafetensors({ a: state["order"]! }, {}));
  const other = Buffer.from(bytes.toString("latin1").replace("I32", "F16"), "latin1");
  assert.throws(() => decodeSafetensors(other), /"a" has 12 bytes of F16 for the shape \[3\]/);
});
