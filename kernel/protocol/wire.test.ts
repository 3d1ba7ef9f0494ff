import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { Wire } from "./wire";

const wire = new Wire("secret");
const message = wire.compose("execute_request", undefined, { code: "1" }, [Buffer.from("client")]);

test("a message is signed by HMAC-SHA256 over header, parent, metadata and content", () => {
  const [identity, delimiter, signature, ...parts] = wire.encode(message);
  assert.deepEqual([String(identity), String(delimiter)], ["client", "<IDS|MSG>"]);
  const expected = createHmac("sha256", "secret").update(Buffer.concat(parts)).digest("hex");
  assert.equal(String(signature), expected);
  assert.deepEqual(wire.decode(wire.encode(message)), message);
});

test("a message with another key's signature, none, or no delimiter is refused", () => {
  assert.throws(() => wire.decode(new Wire("other").encode(message)), /the signature is wrong/);
  assert.throws(() => wire.decode(new Wire("").encode(message)), /is not signed/);
  assert.throws(() => wire.decode([Buffer.from("noise")]), /no delimiter/);
});

test("signed parts that are no JSON are refused", () => {
  const unsigned = new Wire("");
  const frames = unsigned.encode(message);
  frames[3] = Buffer.from("{header");
  assert.throws(() => unsigned.decode(frames), /expected JSON, got \{header/);
});

test("an empty key turns signatures off, as the protocol says", () => {
  const unsigned = new Wire("");
  assert.equal(String(unsigned.encode(message)[2]), "");
  assert.deepEqual(unsigned.decode(unsigned.encode(message)), message);
});
