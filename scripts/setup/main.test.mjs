import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";

const imports = ["main", "command", "command-line"].map(
  (name) =>
    `import * as ${name.replace("-", "")} from ${JSON.stringify(new URL(`./${name}.mjs`, import.meta.url).href)};`,
);

/**
 * The arguments of a Node that runs a command.
 *
 * @param {string} work The code of what the command does.
 */
const command = (work) => [
  "--input-type=module",
  "--eval",
  `${imports.join("\n")}
   main.main({ name: "npm test", usage: () => "", parse: (args) => args }, async () => { ${work} });`,
];

test("the exit code is what the work returns, 0 by default", () => {
  assert.equal(spawnSync(process.execPath, command("return 3")).status, 3);
  assert.equal(spawnSync(process.execPath, command("")).status, 0);
});

/** @type {[kind: string, work: string, status: number, stderr: RegExp][]} */
const failures = [
  ["that the user can mend", 'throw new Error("no disk")', 1, /^\nno disk\n$/],
  [
    "in the command line",
    'throw new commandline.UsageError("No such notebook.")',
    2,
    /^No such notebook\. ".*\n$/,
  ],
  ["in the code", "null.length", 1, /TypeError: .*\n +at /],
];

for (const [kind, work, status, stderr] of failures) {
  test(`an error ${kind} ends with exit code ${status}`, () => {
    const ended = spawnSync(process.execPath, command(work), { encoding: "utf8" });
    assert.equal(ended.status, status);
    assert.match(ended.stderr, stderr);
  });
}

test("a command whose output nobody reads any more ends, after what it has started", async () => {
  const work = `
    command.endChildrenOnSignals();
    const ended = command.run(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { onLine() {} });
    console.error(command.runningPids()[0]);
    setInterval(() => console.log("working"), 10);
    await ended;`;
  const parent = spawn(process.execPath, command(work));
  const [pid] = await once(createInterface(parent.stderr), "line");
  parent.stdout.destroy();
  const [code] = await once(parent, "exit");
  assert.equal(code, 143);
  assert.throws(() => process.kill(Number(pid), 0), { code: "ESRCH" });
});
