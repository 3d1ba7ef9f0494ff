import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { Wire, WireError } from "./wire";

const wire = new Wire("secret");
const compose = (content: object = { code: "1" }) =>
  wire.compose("execute_request", undefined, content, [Buffer.from("client")]);

/** The frames of a message with any four parts, correctly signed. */
function signed(parts: (string | Buffer)[], buffers: Buffer[] = []): Buffer[] {
  const hmac = createHmac("sha256", "secret");
  for (const part of parts) hmac.update(part);
  return ["client", "<IDS|MSG>", hmac.digest("hex"), ...parts]
    .map((part): Buffer => Buffer.from(part as string))
    .concat(buffers);
}
const header = JSON.stringify({ msg_id: "1", msg_type: "execute_request" });
const content = '{"code":"1"}';

test("a message is signed by HMAC-SHA256 over header, parent, metadata and content", () => {
  const message = compose();
  const frames = wire.encode(message);
  const [identity, delimiter, signature, ...parts] = frames;
  assert.deepEqual([String(identity), String(delimiter)], ["client", "<IDS|MSG>"]);
  const expected = createHmac("sha256", "secret").update(Buffer.concat(parts)).digest("hex");
  assert.equal(String(signature), expected);
  assert.deepEqual(wire.decode(frames), message);
});

test("a message with another key's signature, none, or no delimiter is refused", () => {
  assert.throws(() => wire.decode(new Wire("other").encode(compose())), /the signature is wrong/);
  assert.throws(() => wire.decode(new Wire("").encode(compose())), /is not signed/);
  assert.throws(() => wire.decode([Buffer.from("noise")]), /no delimiter/);
});

test("a message that was received before is refused, also with other buffers or identities", () => {
  const frames = wire.encode(compose());
  wire.decode(frames);
  assert.throws(() => wire.decode(frames), /was received before/);
  assert.throws(() => wire.decode([...frames, Buffer.from("buffer")]), /was received before/);
  assert.throws(() => wire.decode([Buffer.from("someone else"), ...frames.slice(1)]), /was received before/);
});

test("a forged message does not use up the signature it carries", () => {
  const frames = wire.encode(compose());
  const forged = [...frames];
  forged[6] = Buffer.from('{"code":"2"}');
  assert.throws(() => wire.decode(forged), /the signature is wrong/);
  assert.equal(wire.decode(frames).content["code"], "1");
});

test("binary buffers after the four parts do no harm", () => {
  const buffers = [Buffer.alloc(0), Buffer.from("<IDS|MSG>"), Buffer.alloc(1 << 20, 255)];
  assert.deepEqual(wire.decode(signed([header, "{}", '{"buffers":3}', content], buffers)).content, {
    code: "1",
  });
});

test("whatever is signed and no Jupyter message is refused with the reason", () => {
  const deep = `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  const faults: [string[], RegExp][] = [
    [[], /got 0 parts/],
    [[header, "{}", "{}"], /got 3 parts/],
    [["{header", "{}", "{}", content], /expected JSON, got \{header/],
    [[header, "{}", "{}", ""], /expected JSON/],
    [["[]", "{}", "{}", content], /expected a JSON object, got \[\]/],
    [['"text"', "{}", "{}", content], /expected a JSON object/],
    [["null", "{}", "{}", content], /msg_id is not a string/],
    [['{"msg_id":"1"}', "{}", "{}", content], /msg_type is not a string/],
    [['{"msg_id":"1","msg_type":["execute_request"]}', "{}", "{}", content], /msg_type is not a string/],
    [['{"msg_id":7,"msg_type":"execute_request"}', "{}", "{}", content], /msg_id is not a string/],
    [[deep, "{}", "{}", content], /the header has 200006 bytes/],
    [[header, "5", "{}", content], /expected a JSON object, got 5/],
    [[header, "{}", "{}", "[1]"], /expected a JSON object/],
    [[header, "{}", "{}", "{}"], /code of the execute_request is not a string/],
    [[header, "{}", "{}", '{"code":{}}'], /code of the execute_request is not a string/],
  ];
  for (const [parts, reason] of faults) {
    assert.throws(
      () => wire.decode(signed(parts)),
      (error) => error instanceof WireError && reason.test(error.message) && error.message.length < 200,
      `${parts.join(" ").slice(0, 80)} should be refused: ${reason}`,
    );
  }
});

test("null for an empty parent and empty metadata is taken as empty", () => {
  const message = wire.decode(signed([header, "null", "null", content]));
  assert.deepEqual([message.parent, message.metadata], [{}, {}]);
});

test("a message of 32 MB is received whole", () => {
  const code = "x".repeat(32 << 20);
  assert.equal(wire.decode(wire.encode(compose({ code }))).content["code"].length, code.length);
});

test("an empty key turns signatures off, as the protocol says", () => {
  const unsigned = new Wire("");
  const message = compose();
  assert.equal(String(unsigned.encode(message)[2]), "");
  assert.deepEqual(unsigned.decode(unsigned.encode(message)), message);
  assert.deepEqual(unsigned.decode(unsigned.encode(message)), message);
});

test("half a surrogate pair, anywhere in a message, reaches the client as U+FFFD, and no other text changes", () => {
  const cases: [string, string][] = [
    ["\ud83d", "\ufffd"],
    ["\ude00\ud83d", "\ufffd\ufffd"],
    ["a\udfffb", "a\ufffdb"],
    ["\ud83d\ude00", "\ud83d\ude00"],
    ["\\ud83d", "\\ud83d"],
    ["\\\ud83d", "\\\ufffd"],
    ["\\\\ud83d", "\\\\ud83d"],
    ['"\ud83d"\n\ud83d\t', '"\ufffd"\n\ufffd\t'],
    ["\\udxyz \\ud7ff \ud7ff", "\\udxyz \\ud7ff \ud7ff"],
  ];
  for (const [text, expected] of cases) {
    const content = { data: { "text/plain": text }, list: [text], [`key ${text}`]: 1 };
    const sent = wire.encode({ ...compose(), content }).at(-1)!;
    const received = { data: { "text/plain": expected }, list: [expected], [`key ${expected}`]: 1 };
    assert.deepEqual(JSON.parse(sent.toString()), received);
  }
});
