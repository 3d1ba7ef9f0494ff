import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { projectFolder } from "../../lib/notebook/project";
import { Client } from "../testing/client";
import { within } from "../testing/deadline";
import { interrupted } from "../testing/interrupted";

let client: Client;
before(async () => {
  client = await Client.start({ cwd: projectFolder });
  await client.execute(
    'let count = 0;\nimport fs from "node:fs";\nimport { spawn } from "node:child_process";',
  );
});
after(() => client.close());

/** Loops that yield to the system in each iteration and never check the signal. */
const loops = {
  "files, awaited": "for (;;) { count++; await fs.promises.stat('.'); }",
  "files, by callbacks": "for (;;) { count++; await new Promise((done) => fs.stat('.', done)); }",
  "callbacks that call each other":
    "{ const next = () => { count++; fs.stat('.', next); }; next(); }\nawait new Promise(() => {});",
  processes: "for (;;) { count++; await new Promise((done) => spawn('true').on('exit', done)); }",
  timers: "setInterval(() => count++, 1);\nawait new Promise(() => {});",
  immediates: "for (;;) { count++; await new Promise((done) => setImmediate(done)); }",
  microtasks: "for (;;) { count++; await new Promise<void>((done) => queueMicrotask(done)); }",
};

for (const [what, loop] of Object.entries(loops)) {
  test(`an interrupted loop over ${what} does not go on unseen`, async () => {
    const count = async () => Number((await client.execute("count")).result);
    const before = await count();
    const running = client.begin(`console.log("on");\n${loop}`);
    await client.until(() => running.text("stdout") !== "");
    await sleep(100);
    await client.request("interrupt_request", {}, "control");
    await client.settled(running);
    assert.equal(running.reply.ename, "Interrupted");
    const atEnd = await count();
    assert.ok(atEnd > before, "the loop has run");
    await sleep(100);
    assert.equal(await count(), atEnd);
  });
}

test("an interrupt while no cell runs stops what an earlier cell left behind, and the next cell runs", async () => {
  await client.execute("setTimeout(() => { for (;;); }, 50);");
  await sleep(100);
  await client.request("interrupt_request", {}, "control");
  assert.equal((await client.execute("6 * 7")).result, "42");
});

test("promises are printed as Node prints them right after an interrupt too", async () => {
  await interrupted(client, 'console.log("on"); await new Promise(() => {});', { after: "on" });
  const printed = await client.execute("console.log(Promise.resolve(1), new Promise(() => {}));");
  assert.equal(printed.text("stdout"), "Promise { 1 } Promise { <pending> }\n");
});

test("a second interrupt of a synchronous loop does not keep the first from stopping it", async () => {
  const latencies: number[] = [];
  for (let i = 0; i < 8; i++) {
    const running = client.begin('console.log("on"); for (;;);');
    await client.until(() => running.text("stdout") !== "");
    client.interrupt();
    await sleep(20);
    client.interrupt();
    await within(5000, "the end of the loop", client.settled(running));
    const started = performance.now();
    assert.equal((await client.execute("6 * 7")).result, "42");
    latencies.push(performance.now() - started);
  }
  // The loop is terminated 0.1 s after the end of the cell; an attempt that fails is repeated 0.1 s later.
  const late = latencies.filter((latency) => latency > 400);
  assert.ok(late.length <= 1, `the next cell took ${latencies.map(Math.round).join(", ")} ms`);
});

test("what a cell starts when its signal tells it is its own, though an interrupted cell left callbacks running", async () => {
  const heeding = `const { signal } = (globalThis as any)[Symbol.for("weightspace.host")];
console.log("on");
await new Promise((done) => signal.addEventListener("abort", () => setTimeout(done, 20)));`;
  for (let i = 0; i < 3; i++) {
    await interrupted(client, `console.log("on");\n${loops["callbacks that call each other"]}`, {
      after: "on",
    });
    await interrupted(client, heeding, { after: "on" });
  }
});

test("a cell that heeds its signal has the time that it needs to end", async () => {
  const cell = `const { signal } = (globalThis as any)[Symbol.for("weightspace.host")];
console.log("begun");
await new Promise((done) => signal.addEventListener("abort", done));
await new Promise((done) => setTimeout(done, 500));
console.log("saved");`;
  const running = client.begin(cell);
  await client.until(() => running.text("stdout") !== "");
  client.process.kill("SIGINT");
  await client.settled(running);
  assert.equal(running.reply.ename, "Interrupted");
  assert.equal(running.text("stdout"), "begun\nsaved\n");
});
