import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { Client, type RequestChannel } from "../testing/client";

let client: Client;
let log = "";
before(async () => {
  client = await Client.start({ cwd: __dirname });
  client.process.stderr!.on("data", (chunk) => (log += chunk));
});
beforeEach(() => (log = ""));
after(() => client.close());

const frames = (code = "1") =>
  client.wire.encode(client.wire.compose("execute_request", undefined, { code }, []));

/** The frames of any four parts and buffers, correctly signed. */
function signed(parts: string[], buffers: Buffer[] = []): Buffer[] {
  const hmac = createHmac("sha256", client.connection.key);
  for (const part of parts) hmac.update(part);
  return [...["<IDS|MSG>", hmac.digest("hex"), ...parts].map((part) => Buffer.from(part)), ...buffers];
}

const header = (msg_type = "execute_request") => JSON.stringify({ msg_id: randomUUID(), msg_type });

/** Waits until the kernel has written this many lines about refused messages to stderr. */
async function refusals(count: number): Promise<string[]> {
  const lines = () => log.split("\n").filter((line) => line.includes("refused a message"));
  while (lines().length < count) await new Promise((resolve) => client.process.stderr!.once("data", resolve));
  return lines();
}

const requests: [type: string, content: object, channels: RequestChannel[]][] = [
  ["kernel_info_request", {}, ["shell", "control"]],
  ["execute_request", { code: "console.log(1); 2" }, ["shell"]],
  ["execute_request", { code: "throw new Error('failed')" }, ["shell"]],
  ["complete_request", { code: "Ma", cursor_pos: 2 }, ["shell"]],
  ["inspect_request", { code: "Math", cursor_pos: 2 }, ["shell"]],
  ["is_complete_request", { code: "1" }, ["shell"]],
  ["history_request", { hist_access_type: "tail", n: 3 }, ["shell"]],
  ["comm_info_request", {}, ["shell"]],
  ["interrupt_request", {}, ["control"]],
];

for (const [type, content, channels] of requests) {
  test(`${type} ${JSON.stringify(content)}: busy, what it publishes, the reply, idle, all with its header as parent`, async () => {
    for (const channel of channels) {
      const { request, answer, published, types } = await client.request(type, content, channel);
      assert.equal(answer!.header.msg_type, type.replace("request", "reply"));
      assert.deepEqual([types[0], types.at(-1)], ["busy", "idle"]);
      assert.equal(types.filter((name) => name === "busy" || name === "idle").length, 2);
      const sent = [published[0]!, answer!, published.at(-1)!].map((message) =>
        Date.parse(message.header.date),
      );
      assert.deepEqual(
        sent,
        [...sent].sort((a, b) => a - b),
      );
      for (const message of [answer!, ...published]) {
        assert.deepEqual(message.parent, request.header);
        assert.equal(message.header.session, answer!.header.session);
        assert.match(message.header.version, /^5\.\d+$/);
      }
      const ids = [answer!, ...published].map((message) => message.header.msg_id);
      assert.equal(new Set(ids).size, ids.length);
    }
  });
}

test("fields that the protocol does not know are passed over", async () => {
  const { reply } = await client.execute("1", { nonsense: { deep: [1] } });
  assert.equal(reply.status, "ok");
});

test("a message of a type that nobody knows is passed over", async () => {
  const outcome = await client.notify("nonsense_request", {});
  assert.deepEqual(outcome.types, ["busy", "idle"]);
  assert.equal((await client.execute("1")).reply.status, "ok");
});

test("a message that is sent again does not run again, on no channel", async () => {
  const { request } = await client.execute("(globalThis as any).runs = ((globalThis as any).runs ?? 0) + 1");
  await client.sendRaw(client.wire.encode(request));
  await client.sendRaw(client.wire.encode(request));
  await client.sendRaw(client.wire.encode(request), "control");
  for (const line of await refusals(3)) assert.match(line, /was received before/);
  const outcome = await client.execute("(globalThis as any).runs");
  assert.equal(outcome.result, "1");
});

test("malformed and forged messages are refused with a line on stderr, and the cell behind them runs", async () => {
  const forged = frames("(globalThis as any).forged = true");
  const [delimiter, signature, ...parts] = forged as [Buffer, Buffer, ...Buffer[]];
  const content = '{"code":"1"}';
  const malformed = [
    [Buffer.from("noise")],
    [Buffer.alloc(0)],
    [delimiter],
    [delimiter, signature],
    [delimiter, signature, ...parts.slice(0, 3)],
    [delimiter, Buffer.alloc(0), ...parts],
    [delimiter, Buffer.from("0".repeat(64)), ...parts],
    [delimiter, Buffer.alloc(1 << 20, "0"), ...parts],
    [signature, ...parts],
    [delimiter, Buffer.from("0".repeat(64)), Buffer.alloc(32 << 20, "x"), ...parts.slice(1)],
    signed(["{", "{}", "{}", content]),
    signed([header(), "{}", "{}", "{"]),
    signed([header(), "{}", "{}", ""]),
    signed(["[]", "{}", "{}", content]),
    signed(["null", "{}", "{}", content]),
    signed(["{}", "{}", "{}", content]),
    signed(['{"msg_id":"1","msg_type":5}', "{}", "{}", content]),
    signed(['{"msg_id":{},"msg_type":"execute_request"}', "{}", "{}", content]),
    signed([`{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, "{}", "{}", content]),
    signed([header(), "[]", "{}", content]),
    signed([header(), "{}", '"text"', content]),
    signed([header(), "{}", "{}", "[]"]),
    signed([header(), "{}", "{}", "{}"]),
    signed([header(), "{}", "{}", '{"code":null}']),
    signed([header("complete_request"), "{}", "{}", '{"code":["a"],"cursor_pos":1}']),
  ];
  for (const channel of ["shell", "control"] as const) {
    log = "";
    for (const message of channel === "shell" ? malformed : malformed.slice(0, 10)) {
      await client.sendRaw(message, channel);
    }
    const waiting = client.execute("(globalThis as any).forged ?? 'not run'");
    await refusals(channel === "shell" ? malformed.length : 10);
    const outcome = await waiting;
    assert.equal(outcome.reply.status, "ok");
    assert.equal(outcome.result, "'not run'");
  }
  assert.ok(log.length < 10_000, `the log has ${log.length} characters`);
});

test("binary buffers behind a message's four parts do no harm", async () => {
  const buffers = [Buffer.alloc(0), Buffer.from("<IDS|MSG>"), Buffer.alloc(1 << 20, 255)];
  await client.sendRaw([...frames("(globalThis as any).buffered = true"), ...buffers]);
  assert.equal((await client.execute("(globalThis as any).buffered")).result, "true");
});

test("values that no request may have are answered as errors or by their defaults, and the kernel lives on", async () => {
  const odd: [string, object][] = [
    ["complete_request", { code: "Math.", cursor_pos: -5 }],
    ["complete_request", { code: "Math.", cursor_pos: 1e9 }],
    ["complete_request", { code: "Math." }],
    ["inspect_request", { code: "Math", cursor_pos: "text" }],
    ["history_request", { hist_access_type: "tail", n: -1 }],
    ["history_request", { hist_access_type: "nonsense" }],
    ["history_request", { hist_access_type: "search", pattern: "[(" }],
    ["comm_info_request", { target_name: 7 }],
    ["execute_request", { code: "1", user_expressions: null }],
    ["execute_request", { code: "1", user_expressions: { a: 5 } }],
  ];
  for (const [type, content] of odd) {
    const { answer } = await client.request(type, content);
    assert.equal(answer!.header.msg_type, type.replace("request", "reply"));
  }
  assert.equal((await client.execute("'alive'")).result, "'alive'");
});

test("a cell of a megabyte runs", async () => {
  const outcome = await client.execute(`/* ${"x".repeat(1 << 20)} */ 'long'`);
  assert.equal(outcome.result, "'long'");
});
