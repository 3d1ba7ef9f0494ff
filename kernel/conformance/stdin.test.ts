import assert from "node:assert/strict";
import { after, afterEach, beforeEach, test } from "node:test";
import { Client, type OnInput } from "../testing/client";
import { within } from "../testing/deadline";
import type { Outcome } from "../testing/outcome";

/** How long a cell that is answered at once, or must fail at once, may take, in milliseconds. */
const patience = 5000;
let kernel: Client | undefined;

/** One kernel for all tests, replaced after a cell that did not end. */
beforeEach(async () => {
  kernel ??= await warmKernel();
});
afterEach(async () => {
  const next = kernel!.execute("1").then(({ reply }) => reply.status === "ok");
  if (await within(1000, "the next cell", next).catch(() => false)) return;
  kernel!.signal("SIGKILL");
  await kernel!.close();
  kernel = undefined;
});
after(() => kernel?.close());

/** The first cell waits for the compiler. */
async function warmKernel(): Promise<Client> {
  const client = await Client.start({ cwd: __dirname });
  await client.execute("1");
  return client;
}

const run = (code: string, onInput?: OnInput): Promise<Outcome> =>
  within(patience, "the cell", kernel!.execute(code, onInput ? { onInput } : {}));

/** Answers questions in turn. */
const answering =
  (...lines: string[]): OnInput =>
  () =>
    lines.shift();

/** Starts a cell and waits for its question, which is left open. */
async function question(code: string): Promise<Outcome> {
  const outcome = kernel!.begin(code, { onInput: () => undefined });
  await within(
    patience,
    "the question",
    kernel!.until(() => outcome.questions.length > 0),
  );
  return outcome;
}

/** Answers a question that was left open. */
function answer({ questions }: Outcome, value: string): Promise<void> {
  const reply = kernel!.wire.compose("input_reply", questions[0], { value }, []);
  return kernel!.sendRaw(kernel!.wire.encode(reply), "stdin");
}

async function interrupt(outcome: Outcome): Promise<void> {
  kernel!.interrupt();
  await within(2000, "the interrupt", kernel!.settled(outcome));
  assert.equal(outcome.reply.ename, "Interrupted");
}

/** What the user sees; readline prints its questions itself. */
const shown = (outcome: Outcome) =>
  outcome.text("stdout") + outcome.questions.map(({ content }) => content["prompt"]).join("");

test("prompt() asks the front end and returns its answer", async () => {
  const outcome = await run('prompt("Name: ")', answering("Ada 🎉"));
  assert.equal(outcome.result, "'Ada 🎉'");
  assert.deepEqual(outcome.questions[0]!.content, { prompt: "Name: ", password: false });
  assert.deepEqual(outcome.questions[0]!.parent, outcome.request.header);
});

test("an empty line is an empty answer", async () => {
  assert.equal((await run('prompt("?")', answering(""))).result, "''");
});

test("confirm() is true for y and yes, and false for all else", async () => {
  const code = '[1, 2, 3, 4, 5].map(() => confirm("Sure?"))';
  const outcome = await run(code, answering("y", "Yes", "n", "", "no"));
  assert.equal(outcome.result, "[ true, true, false, false, false ]");
  assert.equal(outcome.questions.length, 5);
});

test("what was printed before a question is published before it is asked", async () => {
  const outcome = await run('console.log("first"); prompt("then"); console.log("last")', answering("x"));
  const [first, last] = outcome.published.filter(({ header }) => header.msg_type === "stream");
  const times = [first, outcome.questions[0], last].map((message) => Date.parse(message!.header.date));
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
  assert.deepEqual([first!.content["text"], last!.content["text"]], ["first\n", "last\n"]);
});

test("readline's question() with a callback and as a promise", async () => {
  const callback = `import * as readline from "node:readline";
    const rl = readline.createInterface({ input: process.stdin, output: process.stdout });
    const answer = await new Promise<string>((resolve) => rl.question("Colour? ", resolve));
    rl.close();
    answer`;
  const first = await run(callback, answering("red"));
  assert.deepEqual([shown(first), first.result], ["Colour? ", "'red'"]);
  const promises = `import * as readlinePromises from "node:readline/promises";
    const rl2 = readlinePromises.createInterface({ input: process.stdin, output: process.stdout });
    const two = [await rl2.question("One? "), await rl2.question("Two? ")];
    rl2.close();
    two`;
  const second = await run(promises, answering("1", "2"));
  assert.deepEqual([shown(second), second.result], ["One? Two? ", "[ '1', '2' ]"]);
});

test("a readline interface made in one cell asks in a later one", async () => {
  await run(`import * as lines from "node:readline/promises";
    const kept = lines.createInterface({ input: process.stdin, output: process.stdout });`);
  assert.equal((await run('await kept.question("?")', answering("later"))).result, "'later'");
  assert.equal((await run('await kept.question("?")', answering("again"))).result, "'again'");
  await run("kept.close()");
});

test("what is read from process.stdin comes from the front end, a line at a time", async () => {
  // As in any program, a paused stream, here paused by closing a readline interface, must be resumed.
  const once =
    'await new Promise((resolve) => process.stdin.resume().once("data", (chunk) => resolve(String(chunk))))';
  assert.equal((await run(once, answering("raw"))).result, "'raw\\n'");
  const byLine = `import * as stdinLines from "node:readline";
    const read: string[] = [];
    for await (const line of stdinLines.createInterface({ input: process.stdin })) {
      read.push(line);
      if (read.length === 2) break;
    }
    read`;
  assert.equal((await run(byLine, answering("a", "b"))).result, "[ 'a', 'b' ]");
  const byChunk = "let chunk = ''; for await (chunk of process.stdin) break; chunk";
  assert.equal((await run(byChunk, answering("chunk"))).result, "'chunk\\n'");
});

const readers: [how: string, code: string][] = [
  ["prompt()", 'prompt("?")'],
  ["confirm()", 'confirm("?")'],
  [
    "readline's question()",
    'await require("node:readline/promises").createInterface({ input: process.stdin }).question("?")',
  ],
  [
    "readline's question() with a callback",
    'await new Promise((r) => require("node:readline").createInterface({ input: process.stdin }).question("?", r))',
  ],
  ["reading process.stdin", "for await (const chunk of process.stdin) console.log(chunk);"],
];
for (const [how, code] of readers) {
  test(`${how} is an error where the front end takes no input`, async () => {
    const outcome = await run(code);
    assert.equal(outcome.reply.status, "error");
    assert.match(outcome.reply.evalue, /input/);
    assert.deepEqual(outcome.questions, []);
  });

  test(`${how} is interrupted while the question is open`, async () => {
    await run("const keptThrough = 7");
    await interrupt(await question(code));
    assert.equal((await run("keptThrough")).result, "7");
  });
}

test("an answer that comes after the interrupt is not the next question's", async () => {
  const outcome = await question('prompt("first")');
  await interrupt(outcome);
  await answer(outcome, "late");
  assert.equal((await run('prompt("second")', answering("in time"))).result, "'in time'");
});

test("a question goes to the client whose cell asks", async () => {
  const second = await kernel!.another();
  try {
    const outcome = await within(
      patience,
      "the cell",
      second.execute('prompt("whose?")', { onInput: () => "mine" }),
    );
    assert.equal(outcome.result, "'mine'");
    assert.ok(!kernel!.stray.some(({ header }) => header.msg_type === "input_request"));
  } finally {
    second.disconnect();
  }
});

test("heartbeat, control and completion answer while a question is open", async () => {
  const outcome = await question('prompt("wait")');
  await within(1000, "the heartbeat", kernel!.heartbeat());
  await within(1000, "kernel_info", kernel!.request("kernel_info_request", {}, "control"));
  await within(1000, "completion", kernel!.request("complete_request", { code: "Ma", cursor_pos: 2 }));
  await answer(outcome, "done");
  await within(1000, "the cell", kernel!.settled(outcome));
  assert.equal(outcome.result, "'done'");
});
