import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { asksForHelp, parseCommandLine, UsageError } from "./command-line.mjs";
import { root } from "./paths.mjs";

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * Runs one of package.json's commands as npm does, without npm.
 *
 * @param {string} name
 * @param {string[]} args
 */
function command(name, ...args) {
  const [, ...words] = scripts[name].split(" ");
  const { status, stdout, stderr } = spawnSync(process.execPath, [...words, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const commands = ["start", "test", "lab", "setup", "data", "bench"];

for (const name of commands) {
  const call = ["start", "test"].includes(name) ? `npm ${name}` : `npm run ${name}`;

  test(`${call} -- --help shows its usage, sets nothing up and succeeds`, () => {
    for (const asked of [["--help"], ["-h"], ["--foo", "--help"]]) {
      const { status, stdout, stderr } = command(name, ...asked);
      assert.equal(status, 0);
      assert.ok(stdout.startsWith(`Usage: ${call}`), stdout);
      assert.doesNotMatch(stdout, /Set-up/);
      assert.equal(stderr, "");
    }
  });
}

// JupyterLab's arguments are its own affair.
for (const name of commands.filter((name) => name !== "lab")) {
  test(`${name} refuses an unknown option in one line, with exit code 2`, () => {
    const { status, stdout, stderr } = command(name, "--foo");
    assert.equal(status, 2);
    assert.match(stderr, /^Unknown option '--foo'\. "npm .* -- --help" shows the usage\.\n$/);
    assert.equal(stdout, "");
  });
}

/** @type {[name: string, args: string[], message: RegExp][]} */
const refused = [
  ["start", ["9"], /^There is no notebook "9": the notebooks are 00-/],
  ["start", ["--profile", "fast"], /^There is no profile "fast": choose one of quick, full, smoke\./],
  ["start", ["--profile"], /^Option '--profile <value>' argument missing\./],
  ["start", ["--cpu", "--gpu"], /^--cpu and --gpu exclude each other\./],
  ["setup", ["extra"], /^Unexpected argument 'extra'\. "npm run setup/],
  ["data", ["mnits"], /^There is no data set "mnits": .* mnist/],
  ["bench", ["everything"], /^There is no part "everything": choose among libraries, processes, kernel\./],
];

for (const [name, args, message] of refused) {
  test(`${[name, ...args].join(" ")} is refused in one line, with exit code 2`, () => {
    const { status, stdout, stderr } = command(name, ...args);
    assert.equal(status, 2);
    assert.match(stderr, message);
    assert.equal(stderr.split("\n").length, 2);
    assert.equal(stdout, "");
  });
}

test("--help after -- is an argument like any other", () => {
  assert.equal(asksForHelp(["a", "--help"]), true);
  assert.equal(asksForHelp(["--", "--help"]), false);
});

test("an error quotes the whole argument, without advice", () => {
  /** @type {(args: string[], config: Parameters<typeof parseCommandLine>[1]) => string | undefined} */
  const message = (args, config) => {
    try {
      parseCommandLine(args, config);
    } catch (error) {
      assert.ok(error instanceof UsageError);
      return error.message;
    }
  };
  assert.equal(message(["--a. b"], { allowPositionals: true }), "Unknown option '--a. b'.");
  assert.equal(message(["a.\nb"], {}), "Unexpected argument 'a.\nb'.");
  const options = /** @type {const} */ ({ only: { type: "string" }, render: { type: "boolean" } });
  assert.equal(message(["--only", "--render"], { options }), "Option '--only' argument is ambiguous.");
  assert.equal(message(["--render=1"], { options }), "Option '--render' does not take an argument.");
});
