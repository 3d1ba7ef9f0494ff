import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client } from "../testing/client";

let client: Client;
before(async () => {
  client = await Client.start({ cwd: __dirname });
});
after(() => client.close());

test("console.log arrives on stdout, console.error on stderr", async () => {
  const outcome = await client.execute("console.log('hello'); console.error('error')");
  assert.deepEqual(outcome.of("stream"), [
    { name: "stdout", text: "hello\n" },
    { name: "stderr", text: "error\n" },
  ]);
});

test("a display is display_data with its MIME type", async () => {
  const outcome = await client.execute("import * as tslab from 'tslab';\ntslab.display.html('<b>bold</b>')");
  const [content] = outcome.of("display_data");
  assert.equal(content!.data["text/html"], "<b>bold</b>");
  assert.deepEqual([content!.metadata, content!.transient], [{}, {}]);
});

test("a display that is shown again updates the first by its id", async () => {
  const outcome = await client.execute(
    "const d = tslab.newDisplay();\nd.html('<b>initial</b>');\nd.html('<b>updated</b>');",
  );
  const [shown] = outcome.of("display_data");
  const [update] = outcome.of("update_display_data");
  assert.equal(shown!.data["text/html"], "<b>initial</b>");
  assert.equal(update!.data["text/html"], "<b>updated</b>");
  assert.equal(typeof shown!.transient.display_id, "string");
  assert.deepEqual(update!.transient, shown!.transient);
});

test("a display is updated by a later cell, as that cell's output", async () => {
  const [shown] = (await client.execute("const later = tslab.newDisplay(); later.text('1')")).of(
    "display_data",
  );
  const outcome = await client.execute("later.text('2')");
  assert.deepEqual(outcome.of("display_data"), []);
  assert.deepEqual(outcome.of("update_display_data")[0]!.transient, shown!.transient);
});

test("the value of the last expression is an execute_result with text", async () => {
  const outcome = await client.execute("1 + 1");
  assert.deepEqual(outcome.of("execute_result"), [
    { execution_count: outcome.reply.execution_count, data: { "text/plain": "2" }, metadata: {} },
  ]);
});

test("a declaration, undefined and null have no result", async () => {
  for (const code of [
    "const nothing = 1",
    "undefined",
    "null",
    "console.log('printed')",
    "",
    "// only this",
  ]) {
    assert.deepEqual((await client.execute(code)).of("execute_result"), [], code);
  }
});

test("an array of objects is an execute_result", async () => {
  const outcome = await client.execute(
    "[{ letter: 'A', frequency: 0.08167 }, { letter: 'B', frequency: 0.01492 }]",
  );
  assert.match(outcome.result!, /letter: 'A', frequency: 0.08167/);
});

test("an object that knows its MIME types is one execute_result with all of them", async () => {
  const outcome = await client.execute(
    "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>bold</b>', 'text/plain': 'bold' }) })",
  );
  assert.deepEqual(outcome.of("execute_result")[0]!.data, {
    "text/html": "<b>bold</b>",
    "text/plain": "bold",
  });
});
