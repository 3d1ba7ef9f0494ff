import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { executeNotebooks } from "./notebooks/execute.mjs";
import { notebookNames } from "./notebooks/select.mjs";
import { textTable } from "./notebooks/table.mjs";
import { run } from "./setup/command.mjs";
import { parseCommandLine } from "./setup/command-line.mjs";
import { main } from "./setup/main.mjs";
import { build, npmFile, root } from "./setup/paths.mjs";
import { setup } from "./setup/setup.mjs";
import { countTap, findTests } from "./testing/unit.mjs";

const usage = () => `npm test

Sets everything up, then checks the types, lints, runs the unit tests and executes every notebook in its smoke
profile. The last line counts what passed and what failed.

  --help             shows this`;

const parse = (args) => parseCommandLine(args, {});

/** `npm test`: the set-up, then all checks; its last line is `N passed, N failed`. */
main({ name: "npm test", usage, parse }, async () => {
  await setup();
  const checks = [
    ["type check", () => check(npmFile("typescript", "bin/tsc"), ["-p", "."])],
    ["lint", () => check(npmFile("@biomejs/biome", "bin/biome"), ["check"])],
    ["unit tests", unitTests],
    ["notebooks", notebooks],
  ];
  const rows = [];
  for (const [name, work] of checks) {
    console.log(`\n# ${name}`);
    const started = Date.now();
    const { passed, failed } = await work();
    rows.push([name, (Date.now() - started) / 1000, `${passed}`, `${failed}`]);
  }
  console.log(`\n${textTable(["", "seconds", "passed", "failed"], rows)}\n`);
  const sum = (column) => rows.reduce((total, row) => total + Number(row[column]), 0);
  console.log(`${sum(2)} passed, ${sum(3)} failed`);
  return sum(3) === 0 ? 0 : 1;
});

/** Runs one program that finds all right or not. */
async function check(program, args) {
  const code = await run(process.execPath, [program, ...args]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Runs every test file, showing the tests as they end, and counts them from a second report. */
async function unitTests() {
  mkdirSync(build, { recursive: true });
  const report = join(build, "tests.tap");
  rmSync(report, { force: true });
  const reporters = [
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=tap",
    `--test-reporter-destination=${report}`,
  ];
  const concurrency = `--test-concurrency=${availableParallelism()}`;
  const tests = findTests(root, ["lib", "kernel", "scripts"]);
  const code = await run(process.execPath, [
    "--import",
    "tsx",
    "--test",
    concurrency,
    ...reporters,
    ...tests,
  ]);
  return countTap(readFileSync(report, "utf8"), code);
}

async function notebooks() {
  const outcomes = await executeNotebooks(notebookNames(), { profile: "smoke" });
  const passed = outcomes.filter((outcome) => outcome.passed).length;
  return { passed, failed: outcomes.length - passed };
}
