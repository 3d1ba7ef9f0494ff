import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";

/** Runs a program that has `whileStoppable`, `send` to signal itself, and `turns` to wait; how it ended. */
function end(program: string): Promise<string> {
  const script = `const { whileStoppable } = require("./stop-signals");
    const send = (name) => process.kill(process.pid, name);
    const turns = async () => { for (let i = 0; i < 5; i++) await new Promise((done) => setImmediate(done)); };
    (async () => { ${program} })();`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", script], { cwd: __dirname });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  return new Promise((resolve) => {
    child.once("close", (code, signal) => resolve(`${text.replaceAll("\n", " ")}${signal ?? code}`));
  });
}

const tests: Record<string, [program: string, outcome: string]> = {
  "a signal aborts the work, and ends the process once the work is over": [
    `await whileStoppable(async (signal) => {
       send("SIGHUP");
       while (!signal.aborted) await turns();
       await turns();
       console.log("saved");
     });
     console.log("never");`,
    "saved SIGHUP",
  ],
  "of two works at once, both come to their ends": [
    `const work = (name, count) => whileStoppable(async (signal) => {
       while (!signal.aborted) await turns();
       for (let i = 0; i < count; i++) await turns();
       console.log(name);
     });
     const works = [work("first", 1), work("second", 9)];
     send("SIGTERM");
     await Promise.all(works);`,
    "first second SIGTERM",
  ],
  "a second signal ends the process at once": [
    `await whileStoppable(async (signal) => {
       send("SIGTERM");
       while (!signal.aborted) await turns();
       send("SIGINT");
       for (;;) await turns();
     });`,
    "SIGINT",
  ],
  "SIGTERM again in the next moments, from a parent that passes it on, lets the work come to its end": [
    `await whileStoppable(async (signal) => {
       send("SIGTERM");
       while (!signal.aborted) await turns();
       send("SIGTERM");
       for (let i = 0; i < 20; i++) await turns();
       console.log("saved");
     });
     console.log("never");`,
    "saved SIGTERM",
  ],
  "SIGINT again, the user's second Ctrl-C, ends the process at once": [
    `await whileStoppable(async (signal) => {
       send("SIGINT");
       while (!signal.aborted) await turns();
       send("SIGINT");
       for (;;) await turns();
     });`,
    "SIGINT",
  ],
  "a signal that comes in the last synchronous stretch is not lost": [
    `await whileStoppable(async () => send("SIGTERM"));
     await turns();
     console.log("never");`,
    "SIGTERM",
  ],
  "where no signal comes, nothing changes": [
    `await whileStoppable(async (signal) => console.log(signal.aborted));
     await turns();
     send("SIGTERM");
     await turns();`,
    "false SIGTERM",
  ],
  "a listener of the program's own is left alone": [
    `let own = 0;
     process.on("SIGTERM", () => own++);
     const aborted = await whileStoppable(async (signal) => {
       send("SIGTERM");
       while (own === 0) await turns();
       return signal.aborted;
     });
     await turns();
     console.log(own, aborted);`,
    "1 false 0",
  ],
};

for (const [title, [program, outcome]] of Object.entries(tests)) {
  test(title, async () => assert.equal(await end(program), outcome));
}
