import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { readCheckpoint } from "../lib/checkpoint/checkpoint";
import { projectFolder } from "../lib/notebook/project";
import type { Content } from "./protocol/wire";
import { Client, kernelCommand } from "./testing/client";

const notebooks = join(projectFolder, "notebooks");
let client: Client;
before(async () => {
  client = await Client.start({ cwd: notebooks });
});
after(() => client.close());

const plain = (error: Content | undefined) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: tracebacks are coloured by escape sequences.
  ((error?.traceback ?? []) as string[]).join("\n").replace(/\u001b\[\d+m/g, "");

test("a loop that prints 20,000 lines to both streams loses none and reorders none, in few messages", async () => {
  const outcome = await client.execute(
    "for (let i = 0; i < 20000; i++) if (i % 2) console.error(i); else console.log(i);",
  );
  const parity = (rest: number) => Array.from({ length: 10000 }, (_, i) => `${2 * i + rest}\n`).join("");
  assert.equal(outcome.text("stdout"), parity(0));
  assert.equal(outcome.text("stderr"), parity(1));
  assert.ok(outcome.of("stream").length < 2000, `${outcome.of("stream").length} messages`);
});

test("streams that change now and then keep their order across each other", async () => {
  const outcome = await client.execute(
    'for (const s of "abcdefgh") { console.log(s); console.error(s + s); }',
  );
  const order = outcome.of("stream").map(({ text }) => text.trim());
  assert.deepEqual(order.join(" "), "a aa b bb c cc d dd e ee f ff g gg h hh");
});

test("a synchronous loop shows its output while it runs", async () => {
  const outcome = await client.execute(
    'console.log("first"); const stop = Date.now() + 900; while (Date.now() < stop); console.log("last");',
  );
  const lines = outcome.published.filter(({ header }) => header.msg_type === "stream");
  assert.deepEqual(
    lines.map(({ content }) => content.text),
    ["first\n", "last\n"],
  );
  const [first, last] = lines;
  const gap = Date.parse(last!.header.date) - Date.parse(first!.header.date);
  assert.ok(gap > 600, `the two lines left ${gap} ms apart`);
});

test("the last expression is an execute_result and counts up", async () => {
  const first = await client.execute("6 * 7");
  const second = await client.execute("({ a: [1, 2] })");
  assert.equal(first.of("execute_result")[0]!.data["text/plain"], "42");
  assert.equal(second.of("execute_result")[0]!.data["text/plain"], "{ a: [ 1, 2 ] }");
  assert.equal(second.reply.execution_count, first.reply.execution_count + 1);
});

test("an error names its place in the cell, through types and blank lines, and nothing of tslab", async () => {
  const outcome = await client.execute(
    "interface Point { x: number }\n\n\nfunction fail(p: Point): never {\n  throw new RangeError('bad ' + p.x);\n}\n\nfail({ x: 3 });",
  );
  const [error] = outcome.of("error");
  assert.equal(error!.ename, "RangeError");
  assert.equal(error!.evalue, "bad 3");
  const name = `Cell [${outcome.reply.execution_count}]`;
  assert.ok(plain(error).includes(`at fail (${name}:5:9)`), plain(error));
  assert.ok(plain(error).includes(`at ${name}:8:1`), plain(error));
  assert.doesNotMatch(plain(error), /tslab|node:|kernel/);
  assert.equal(outcome.reply.status, "error");
});

test("an error in a function of an earlier cell names that cell", async () => {
  const { reply } = await client.execute('const later = () => {\n  throw new Error("late");\n};');
  const outcome = await client.execute("await Promise.resolve(); later()");
  const name = `Cell [${reply.execution_count}]:2:9`;
  assert.ok(plain(outcome.of("error")[0]).includes(name), plain(outcome.of("error")[0]));
});

test("a name from an earlier cell works in an object's shorthand and in a destructuring assignment", async () => {
  await client.execute("let left = 1;\nlet right = 2;");
  const outcome = await client.execute(
    "({ left, right } = { left: right, right: left });\n({ left, right })",
  );
  assert.equal(outcome.of("execute_result")[0]!.data["text/plain"], "{ left: 2, right: 1 }");
});

test("a module declared in a cell is imported by later cells, evaluated once, and anew when it has changed", async () => {
  await client.execute("/** @module counter */\nexport const state = { count: 0 };");
  const count = async () => {
    const outcome = await client.execute('import { state } from "./counter";\n++state.count');
    return outcome.of("execute_result")[0]?.data["text/plain"];
  };
  assert.deepEqual([await count(), await count()], ["1", "2"]);
  await client.execute("/** @module counter */\nexport const state = { count: 10 };");
  assert.equal(await count(), "11");
});

test("a type error is reported at its place in the cell and nothing runs", async () => {
  const outcome = await client.execute('console.log("ran");\nconst n: number = "one";');
  assert.match(plain(outcome.of("error")[0]), /Cell \[\d+\]:2:7 - Type 'string' is not assignable/);
  assert.equal(outcome.text("stdout"), "");
});

test("await (…) and for await work as a cell's only awaits", async () => {
  assert.equal(
    (await client.execute("await (Promise.resolve(5))")).of("execute_result")[0]!.data["text/plain"],
    "5",
  );
  const loop = "async function* g() { yield 1; yield 2; }\nfor await (const x of g()) console.log(x);";
  assert.equal((await client.execute(loop)).text("stdout"), "1\n2\n");
});

test("an object with Jupyter.display is shown as one bundle of its MIME types", async () => {
  const outcome = await client.execute(
    '({ [Symbol.for("Jupyter.display")]: async () => ({ "text/plain": "dot", "image/png": new Uint8Array([1, 2, 3]) }) })',
  );
  assert.deepEqual(outcome.of("execute_result")[0]!.data, { "text/plain": "dot", "image/png": "AQID" });
});

test("the library displays, updates by id and clears", async () => {
  await client.execute('import { host } from "../lib/display/host"');
  const outcome = await client.execute(
    'host().display({ "text/plain": "1" }, { id: "d" });\nhost().display({ "text/plain": "2" }, { id: "d", update: true });\nhost().clearOutput(true);',
  );
  assert.equal(outcome.of("display_data")[0]!.transient.display_id, "d");
  assert.equal(outcome.of("update_display_data")[0]!.data["text/plain"], "2");
  assert.deepEqual(outcome.of("clear_output"), [{ wait: true }]);
});

test("tslab's own display works, as other people's notebooks use it", async () => {
  const outcome = await client.execute('import * as tslab from "tslab";\ntslab.display.html("<b>x</b>");');
  assert.deepEqual(outcome.of("display_data")[0]!.data, { "text/html": "<b>x</b>" });
});

test("cells that wait behind one that fails are turned away, unless stop_on_error is off", async () => {
  const outcomes = await Promise.all([
    client.execute('throw new Error("stop")'),
    client.execute("1"),
    client.execute("2"),
  ]);
  assert.deepEqual(
    outcomes.map(({ reply }) => reply.status),
    ["error", "aborted", "aborted"],
  );
  const kept = await Promise.all([
    client.execute('throw new Error("go on")', { stop_on_error: false }),
    client.execute("1"),
  ]);
  assert.equal(kept[1]!.reply.status, "ok");
  assert.equal((await client.execute("3")).reply.status, "ok");
});

test("history answers tail, range and search", async () => {
  const { reply } = await client.execute("'needle' + 1");
  const line = reply.execution_count;
  const search = await client.request("history_request", {
    hist_access_type: "search",
    pattern: "*needle*",
    output: true,
  });
  assert.deepEqual(search.reply.history, [[0, line, ["'needle' + 1", "'needle1'"]]]);
  const tail = await client.request("history_request", { hist_access_type: "tail", n: 1, output: false });
  assert.deepEqual(tail.reply.history, [[0, line, "'needle' + 1"]]);
  const range = await client.request("history_request", {
    hist_access_type: "range",
    session: 0,
    start: line,
    stop: line + 1,
  });
  assert.deepEqual(range.reply.history, [[0, line, "'needle' + 1"]]);
});

test("is_complete tells complete, incomplete and invalid code apart", async () => {
  const status = async (code: string) => (await client.request("is_complete_request", { code })).reply.status;
  assert.equal(await status("const a = 1"), "complete");
  assert.equal(await status("await (f())"), "complete");
  assert.equal(await status("function f() {"), "incomplete");
  assert.equal(await status("const t = `open"), "incomplete");
  assert.equal(await status("f(]"), "invalid");
  assert.equal(await status("const s = 'open"), "invalid");
});

test("completion and inspection know earlier cells and count a cursor in code points", async () => {
  await client.execute("/** Adds one. */\nfunction increment(x: number) { return x + 1; }");
  const code = "'𝜃'; increm";
  const completion = await client.request("complete_request", { code, cursor_pos: [...code].length });
  assert.ok(completion.reply.matches.includes("increment"));
  assert.deepEqual([completion.reply.cursor_start, completion.reply.cursor_end], [5, 11]);
  const inspection = await client.request("inspect_request", {
    code: "increment",
    cursor_pos: 4,
    detail_level: 0,
  });
  assert.match(inspection.reply.data["text/plain"], /increment\(x: number\): number/);
});

test("a cell that asks for help on a name is answered in the pager, as a hover is, in text and Markdown", async () => {
  await client.execute(
    "/**\n * Halves.\n * @returns the half\n */\nfunction halve(x: number) { return x / 2; }",
  );
  for (const code of ["halve?", "?halve", "halve??"]) {
    const { reply, published } = await client.execute(code);
    assert.equal(reply.status, "ok");
    assert.deepEqual(
      published.filter(({ header }) => !["status", "execute_input"].includes(header.msg_type)),
      [],
    );
    const [page] = reply.payload;
    assert.equal(page.source, "page");
    assert.match(page.data["text/plain"], /halve\(x: number\): number[\s\S]*@returns the half/);
    assert.match(page.data["text/markdown"], /\*@returns\* — the half/);
  }
  const inside = { code: "halve(", cursor_pos: 6, detail_level: 0 };
  const { reply } = await client.request("inspect_request", inside);
  assert.match(reply.data["text/plain"], /^halve\(x: number\): number/);
});

test("a magic or shell line is an error that says what to write, on its line", async () => {
  const outcome = await client.execute("const before = 1;\n%timeit work()");
  const [error] = outcome.of("error");
  assert.match(error!.evalue, /performance\.now/);
  assert.match(plain(error), /Cell \[\d+\]:2:1/);
  assert.equal(outcome.reply.status, "error");
  assert.match((await client.execute("!ls -l")).reply.evalue, /execSync\("ls -l"/);
});

test("comm_info is answered and an unknown comm is closed", async () => {
  assert.deepEqual((await client.request("comm_info_request")).reply, { status: "ok", comms: {} });
  const outcome = await client.notify("comm_open", { comm_id: "c", target_name: "widget", data: {} });
  assert.equal(outcome.of("comm_close")[0]!.comm_id, "c");
});

test("user_expressions are evaluated after the cell", async () => {
  const outcome = await client.execute("const base = 20", {
    user_expressions: { twice: "base * 2", bad: "nope" },
  });
  assert.equal(outcome.reply.user_expressions.twice.data["text/plain"], "40");
  assert.equal(outcome.reply.user_expressions.bad.status, "error");
});

test("a synchronous loop is interrupted and the notebook's state is kept", async () => {
  const running = client.execute('let turns = 0;\nconsole.log("on");\nfor (;;) turns++;');
  await sleep(300);
  client.process.kill("SIGINT");
  const outcome = await running;
  assert.equal(outcome.of("error")[0]!.ename, "Interrupted");
  const turns = (await client.execute("turns")).of("execute_result")[0]!.data["text/plain"];
  assert.ok(Number(turns) > 0, turns);
});

test("an asynchronous loop that looks at the signal stops at once", async () => {
  const running = client.execute(
    'let steps = 0;\nconst { signal } = host();\nwhile (!signal.aborted) { steps++; await new Promise((r) => setTimeout(r, 5)); }\nconsole.log("stopped by itself");',
  );
  await sleep(200);
  const interrupt = await client.request("interrupt_request", {}, "control");
  assert.equal(interrupt.reply.status, "ok");
  const outcome = await running;
  assert.equal(outcome.of("error")[0]!.ename, "Interrupted");
  assert.equal(outcome.text("stdout"), "stopped by itself\n");
});

test("an asynchronous loop that does not look at the signal really stops too", async () => {
  const running = client.execute(
    "let ticks = 0;\nfor (;;) { ticks++; await new Promise((r) => setTimeout(r, 5)); }",
  );
  await sleep(200);
  client.process.kill("SIGINT");
  assert.equal((await running).of("error")[0]!.ename, "Interrupted");
  const ticks = async () => (await client.execute("ticks")).of("execute_result")[0]!.data["text/plain"];
  const before = await ticks();
  await sleep(100);
  assert.equal(await ticks(), before);
});

test("a message with a wrong signature or none is refused, and the kernel lives on", async () => {
  const message = client.wire.compose("execute_request", undefined, { code: "globalThis.forged = 1" }, []);
  const frames = client.wire.encode(message);
  frames[1] = Buffer.from("0".repeat(64));
  let log = "";
  client.process.stderr!.on("data", (chunk) => (log += chunk));
  await client.sendRaw(frames);
  await client.sendRaw([...frames.slice(0, 1), Buffer.alloc(0), ...frames.slice(2)]);
  await client.sendRaw([Buffer.from("noise")]);
  const outcome = await client.execute("(globalThis as any).forged ?? 'not run'");
  assert.equal(outcome.of("execute_result")[0]!.data["text/plain"], "'not run'");
  assert.match(log, /refused a message: the signature is wrong/);
  assert.match(log, /refused a message: the message is not signed/);
});

test("a stray rejection is reported on stderr and the kernel lives on", async () => {
  const outcome = await client.execute(
    'void Promise.reject(new Error("stray"));\nawait new Promise((r) => setTimeout(r, 50));',
  );
  assert.match(outcome.text("stderr"), /Uncaught .*Error.*: stray/);
  assert.equal((await client.execute("1")).reply.status, "ok");
});

test("the library's edits are seen, its errors have .ts lines, its type errors their place", async () => {
  const root = mkdtempSync(join(tmpdir(), "project-"));
  mkdirSync(join(root, "lib"));
  mkdirSync(join(root, "notebooks"));
  let clock = Date.now() / 1000 - 1000;
  const write = (name: string, text: string) => {
    writeFileSync(join(root, "lib", name), text);
    utimesSync(join(root, "lib", name), ++clock, clock);
  };
  write("index.ts", 'export { value } from "./deep";');
  write("deep.ts", "export const value = () => 1;");
  const other = await Client.start({ cwd: join(root, "notebooks") });
  try {
    const load = async () => {
      const imported = await other.execute('import { value } from "../lib"');
      return imported.reply.status === "ok" ? other.execute("value()") : imported;
    };
    assert.equal((await load()).of("execute_result")[0]!.data["text/plain"], "1");
    write("deep.ts", "export const value = () => 2;");
    assert.equal((await load()).of("execute_result")[0]!.data["text/plain"], "2");
    write(
      "deep.ts",
      'type Unused = string;\n\nexport const value = (): number => {\n  throw new Error("deep");\n};',
    );
    assert.match(plain((await load()).of("error")[0]), /lib\/deep\.ts:4:9/);
    write("deep.ts", '\nexport const value = (): number => "two";');
    assert.equal((await other.execute("1 + 1")).reply.status, "ok");
    assert.match(
      plain((await load()).of("error")[0]),
      /lib\/deep\.ts:2:36 - Type 'string' is not assignable/,
    );
    write("deep.ts", "export const value = () => 3;");
    assert.equal((await load()).of("execute_result")[0]!.data["text/plain"], "3");
  } finally {
    await other.close();
    rmSync(root, { recursive: true });
  }
});

test("imports are relative to the kernel's working folder, the project's root like any other", async () => {
  const other = await Client.start({ cwd: projectFolder });
  const outcome = await other.execute(
    'import { projectFolder } from "./lib/notebook/project"; projectFolder',
  );
  assert.deepEqual(outcome.of("error"), []);
  assert.equal(outcome.of("execute_result")[0]!.data["text/plain"], `'${projectFolder}'`);
  await other.close();
});

test("the kernel ends when it is told to", async () => {
  const other = await Client.start({ cwd: notebooks });
  const exited = new Promise((resolve) => other.process.once("exit", resolve));
  const { reply } = await other.request("shutdown_request", { restart: true }, "control");
  assert.deepEqual(reply, { status: "ok", restart: true });
  assert.equal(await exited, 0);
  await other.close();
});

/** A training that counts to a million, one number per millisecond, and fills the history. */
const longTraining = `import { run } from "../lib";
await run({ seed: 1 }, {
  notebook: "99-test", version: 1, settings: {}, nameOf: () => "long",
  start() {
    let done = 0;
    return {
      steps: 1_000_000,
      get done() { return done; },
      advance() {
        const end = performance.now() + 1;
        while (performance.now() < end);
        return [{ step: ++done }];
      },
      state: () => ({ done: { shape: [], values: Float64Array.of(done) } }),
      restore(state) { done = state.done.values[0]; },
      result: () => ({}),
      dispose() {},
    };
  },
}, { checkpointEvery: 1e6, onHistory: ({ history }) => { if (history.length % 100 === 0) console.log(history.length); } });`;

/**
 * Executes the long training in a kernel of its own, ends the kernel when the training has begun, and returns the
 * checkpoint.
 */
async function endedInTraining(end: (kernel: Client) => unknown) {
  const data = mkdtempSync(join(tmpdir(), "records-"));
  const other = await Client.start({ cwd: notebooks, env: { WEIGHTSPACE_DATA: data } });
  try {
    const exited = new Promise<number | string>((resolve) => {
      other.process.once("exit", (code, signal) => resolve(code ?? signal!));
    });
    other.begin(longTraining);
    const records = join(data, "records", "99-test");
    const files = () => (existsSync(records) ? readdirSync(records) : []);
    while (!files().some((name) => name.endsWith(".lock"))) await sleep(20);
    await end(other);
    const outcome = await exited;
    const [file = "", ...more] = files();
    assert.deepEqual(more, []);
    const key = file.replace(".safetensors", "");
    const { step, state, progress } = readCheckpoint(join(records, file), key);
    assert.equal(state["done"]!.values[0], step);
    assert.equal((progress as { history: unknown[] }).history.length, step);
    return outcome;
  } finally {
    await other.close();
    rmSync(data, { recursive: true });
  }
}

test("a training that the kernel's end cuts writes a checkpoint first", async () => {
  const shutDown = (kernel: Client) => kernel.request("shutdown_request", { restart: false }, "control");
  assert.equal(await endedInTraining(shutDown), 0);
});

test("a training that SIGTERM cuts writes a checkpoint first", async () => {
  assert.equal(await endedInTraining((kernel) => kernel.process.kill("SIGTERM")), "SIGTERM");
});

test("the kernel ends when its parent has died", async () => {
  // A shell that remains the kernel's parent, so that killing it orphans the kernel.
  const command = ["/bin/sh", "-c", '"$@" & echo $!; wait', "sh", ...kernelCommand];
  const other = await Client.start({ cwd: notebooks, command });
  const { data } = (await other.execute("process.pid")).of("execute_result")[0]!;
  const pid = Number(data["text/plain"]);
  other.process.kill("SIGKILL");
  const isAlive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  assert.ok(isAlive());
  for (let i = 0; i < 50 && isAlive(); i++) await sleep(100);
  assert.ok(!isAlive(), `kernel ${pid} is still alive after 5 s`);
  await other.close();
});
