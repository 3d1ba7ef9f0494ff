import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFrame, FrameReader } from "./frames";

test("messages come out as they went in, however the pipe cuts them", () => {
  const messages = [{}, "", "é𝜃", { text: "x".repeat(100_000) }, [1, null, { a: true }], 0];
  const bytes = Buffer.concat(messages.map(encodeFrame));
  for (const size of [1, 2, 3, 5, 7, 4096, 65_536, bytes.length]) {
    const received: unknown[] = [];
    const reader = new FrameReader<unknown>((message) => received.push(message));
    for (let start = 0; start < bytes.length; start += size) reader.read(bytes.subarray(start, start + size));
    assert.deepEqual(received, messages, `pieces of ${size} bytes`);
  }
});
