import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client } from "../testing/client";

let client: Client;
before(async () => {
  client = await Client.start({ cwd: __dirname });
});
after(() => client.close());

test("a cell that succeeds is answered ok with its execution count", async () => {
  const { reply } = await client.execute("const x = 1");
  assert.equal(reply.status, "ok");
  assert.ok(Number.isInteger(reply.execution_count), reply.execution_count);
  assert.deepEqual(reply.user_expressions, {});
});

test("the code is broadcast as execute_input, after busy and before any output", async () => {
  const code = 'console.log("out"); console.error("err"); 7';
  const outcome = await client.execute(code);
  assert.deepEqual(outcome.types, ["busy", "execute_input", "stream", "stream", "execute_result", "idle"]);
  const { execution_count } = outcome.reply;
  assert.deepEqual(outcome.of("execute_input"), [{ code, execution_count }]);
  assert.equal(outcome.of("execute_result")[0]!.execution_count, execution_count);
});

test("the execution count grows by one with each cell, also with one that fails or is empty", async () => {
  const counts: number[] = [];
  for (const code of ["1", "throw new Error()", "const = 3", "", "2"]) {
    counts.push((await client.execute(code)).reply.execution_count);
  }
  assert.deepEqual(
    counts,
    counts.map((_, i) => counts[0]! + i),
  );
});

test("a silent cell runs and leaves no trace: no input, no output, no result, no count, no history", async () => {
  const { reply } = await client.execute("globalThis.name = 'before'");
  const silent = await client.execute('console.log("out"); (globalThis as any).name = "after"', {
    silent: true,
    store_history: true,
  });
  assert.equal(silent.reply.status, "ok");
  assert.deepEqual(silent.types, ["busy", "idle"]);
  const next = await client.execute("(globalThis as any).name");
  assert.equal(next.result, "'after'");
  assert.equal(next.reply.execution_count, reply.execution_count + 1);
  const { history } = (await client.request("history_request", { hist_access_type: "tail", n: 2 })).reply;
  assert.deepEqual(
    history.map(([, line]: [number, number]) => line),
    [reply.execution_count, next.reply.execution_count],
  );
});

test("a silent cell that fails is answered as an error, and publishes none", async () => {
  const outcome = await client.execute('throw new RangeError("quiet")', { silent: true });
  assert.equal(outcome.reply.status, "error");
  assert.equal(outcome.reply.ename, "RangeError");
  assert.deepEqual(outcome.types, ["busy", "idle"]);
});

test("without store_history a cell's output is shown, and it is neither counted nor remembered", async () => {
  const { reply } = await client.execute("1");
  const unstored = await client.execute("'not stored'", { store_history: false });
  assert.equal(unstored.result, "'not stored'");
  assert.equal(unstored.of("execute_input").length, 1);
  assert.equal((await client.execute("2")).reply.execution_count, reply.execution_count + 1);
  const search = { hist_access_type: "search", pattern: "*not stored*" };
  assert.deepEqual((await client.request("history_request", search)).reply.history, []);
});

test("user expressions see the cell's names, and each has its own value or error", async () => {
  const user_expressions = { sum: "a + 1", missing: "nowhere", thrown: "(() => { throw new Error('x') })()" };
  const outcome = await client.execute("const a = 20;", { user_expressions });
  assert.equal(outcome.reply.status, "ok");
  const { sum, missing, thrown } = outcome.reply.user_expressions;
  assert.deepEqual([sum.status, sum.data["text/plain"], sum.metadata], ["ok", "21", {}]);
  for (const failed of [missing, thrown]) {
    assert.equal(failed.status, "error");
    assert.ok(Array.isArray(failed.traceback) && typeof failed.ename === "string");
  }
  assert.deepEqual(outcome.of("error"), []);
});

test("user expressions are not evaluated when the cell fails", async () => {
  const user_expressions = { side: "(globalThis as any).evaluated = true" };
  await client.execute("throw new Error('first')", { user_expressions });
  assert.equal((await client.execute("(globalThis as any).evaluated")).result, undefined);
});

test("invalid syntax and thrown errors are the same error in the reply and on iopub", async () => {
  for (const code of ["function function", "throw new TypeError('wrong')", "const n: number = 'text'"]) {
    const outcome = await client.execute(code);
    const { status, execution_count, ...error } = outcome.reply;
    assert.equal(status, "error", code);
    assert.ok(Number.isInteger(execution_count));
    assert.deepEqual(outcome.of("error"), [error]);
    assert.deepEqual(Object.keys(error).sort(), ["ename", "evalue", "traceback"]);
    assert.equal(typeof error["ename"], "string");
    assert.equal(typeof error["evalue"], "string");
    assert.ok(error["traceback"].every((line: unknown) => typeof line === "string"));
  }
});

test("cells that wait behind one that fails are aborted, other requests are answered", async () => {
  const failing = client.begin('await new Promise((r) => setTimeout(r, 100)); throw new Error("stop")');
  const waiting = client.execute("(globalThis as any).ranAnyway = true");
  const asked = client.request("is_complete_request", { code: "1" });
  assert.equal((await client.settled(failing)).reply.status, "error");
  const aborted = await waiting;
  assert.equal(aborted.reply.status, "aborted");
  assert.deepEqual(aborted.types, ["busy", "idle"]);
  assert.equal((await asked).reply.status, "complete");
  assert.equal((await client.execute("(globalThis as any).ranAnyway")).result, undefined);
});

test("with stop_on_error off, cells that wait behind one that fails run", async () => {
  const failing = client.execute('throw new Error("go on")', { stop_on_error: false });
  const [failed, next] = await Promise.all([failing, client.execute("'ran'")]);
  assert.equal(failed.reply.status, "error");
  assert.equal(next.result, "'ran'");
});

test("cells run in the order in which they were sent, one at a time", async () => {
  const cell = (i: number) =>
    client.execute(
      `console.log("begin ${i}"); await new Promise((r) => setTimeout(r, 5)); console.log("end ${i}")`,
    );
  const outcomes = await Promise.all([0, 1, 2, 3, 4].map(cell));
  const printed = outcomes
    .flatMap(({ published }) => published)
    .filter(({ header }) => header.msg_type === "stream")
    .sort((a, b) => Date.parse(a.header.date) - Date.parse(b.header.date))
    .map(({ content }) => content["text"])
    .join("");
  assert.equal(printed, [0, 1, 2, 3, 4].map((i) => `begin ${i}\nend ${i}\n`).join(""));
});
