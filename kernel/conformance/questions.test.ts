import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client } from "../testing/client";

let client: Client;
before(async () => {
  client = await Client.start({ cwd: __dirname });
  await client.execute("const testVariableForCompletion = 42");
});
after(() => client.close());

test("completion offers an earlier cell's name and says what it replaces", async () => {
  const code = "1 + testVariableFor";
  const { reply } = await client.request("complete_request", { code, cursor_pos: code.length });
  assert.equal(reply.status, "ok");
  assert.ok(reply.matches.includes("testVariableForCompletion"), reply.matches.join(" "));
  assert.deepEqual([reply.cursor_start, reply.cursor_end], [4, code.length]);
  assert.equal(typeof reply.metadata, "object");
});

test("completion where there is nothing to offer is an empty list", async () => {
  const { reply } = await client.request("complete_request", { code: "zzzzqqqq", cursor_pos: 8 });
  assert.deepEqual([reply.status, reply.matches], ["ok", []]);
});

const inspect = async (code: string) =>
  (await client.request("inspect_request", { code, cursor_pos: code.length, detail_level: 0 })).reply;

test("inspection shows a name's type", async () => {
  const { status, found, data, metadata } = await inspect("testVariableForCompletion");
  assert.deepEqual([status, found, metadata], ["ok", true, {}]);
  assert.match(data["text/plain"], /testVariableForCompletion/);
});

test("inspection of nothing is ok and finds nothing", async () => {
  for (const code of ["", " ", "// comment"]) {
    const { status, found, data } = await inspect(code);
    assert.deepEqual([status, found, data], ["ok", false, {}], code);
  }
});

test("inspection of a name that does not exist finds nothing", async () => {
  const { status, found, data } = await inspect("zzzzqqqq");
  assert.deepEqual([status, found, data], ["ok", false, {}]);
});

test("is_complete tells complete, incomplete and invalid code apart, and what to indent", async () => {
  const ask = async (code: string) => (await client.request("is_complete_request", { code })).reply;
  assert.equal((await ask("const x = 1")).status, "complete");
  const incomplete = await ask("const x = {");
  assert.equal(incomplete.status, "incomplete");
  assert.match(incomplete.indent, /^ *$/);
  assert.equal((await ask("function function")).status, "invalid");
});

test("history lists session, line and input, with the output where it is asked for", async () => {
  const { execution_count: line } = (await client.execute("'asked' + 1")).reply;
  const ask = async (output: boolean) =>
    (await client.request("history_request", { hist_access_type: "tail", n: 1, output, raw: true })).reply;
  assert.deepEqual(await ask(false), { status: "ok", history: [[0, line, "'asked' + 1"]] });
  assert.deepEqual(await ask(true), { status: "ok", history: [[0, line, ["'asked' + 1", "'asked1'"]]] });
});

test("comm_info is answered, for one target too", async () => {
  assert.deepEqual((await client.request("comm_info_request")).reply, { status: "ok", comms: {} });
  const { reply } = await client.request("comm_info_request", { target_name: "jupyter.widget" });
  assert.deepEqual(reply, { status: "ok", comms: {} });
});

test("a comm for a target that nobody has is closed, and later messages to it do no harm", async () => {
  const comm_id = "a-comm";
  const opened = await client.notify("comm_open", { comm_id, target_name: "nobody", data: {} });
  assert.equal(opened.of("comm_close")[0]!.comm_id, comm_id);
  for (const type of ["comm_msg", "comm_close"]) {
    const outcome = await client.notify(type, { comm_id, data: {} });
    assert.deepEqual(outcome.types, ["busy", "idle"]);
  }
  assert.equal((await client.execute("1")).reply.status, "ok");
});
