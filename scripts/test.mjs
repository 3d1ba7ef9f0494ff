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
import { tensorTests } from "./testing/tensor-tests.mjs";
import { countTap, findTests, skippedTests } from "./testing/unit.mjs";

/**
 * One of the checks that `npm test` consists of.
 *
 * @typedef {object} Check
 * @property {string} name
 * @property {() => Promise<{ passed: number, failed: number, skipped?: number }>} work Runs it and counts its parts.
 */

/** @type {Record<string, string>} */
const ENGINES = { tensorflow: "TensorFlow", wasm: "WebAssembly", cpu: "JavaScript" };

const usage = () => `npm test

Sets everything up, then checks the types, lints, runs the unit tests and executes every notebook in its smoke
profile. The last line counts what passed and what failed.

  --help             shows this`;

/** @param {string[]} args */
const parse = (args) => parseCommandLine(args, {});

/** `npm test`: the set-up, then all checks; its last line is `N passed, N failed, N skipped`. */
main({ name: "npm test", usage, parse }, async () => {
  await setup();
  const tests = findTests(root, ["scripts", "kernel", "lib"]);
  const engine = await chosenEngine();
  /** @type {Check[]} */
  const checks = [
    { name: "type check", work: () => check(npmFile("typescript", "bin/tsc"), ["-p", "."]) },
    { name: "lint", work: () => check(npmFile("@biomejs/biome", "bin/biome"), ["check"]) },
    { name: `unit tests on ${engine}`, work: () => unitTests(tests) },
  ];
  if (engine === "TensorFlow") {
    const work = () => unitTests(tensorTests(root, tests), "wasm");
    checks.push({ name: "unit tests on WebAssembly", work });
  }
  checks.push({ name: "notebooks", work: notebooks });
  /** @type {(string | number)[][]} */
  const rows = [];
  for (const { name, work } of checks) {
    console.log(`\n# ${name}`);
    const started = Date.now();
    const { passed, failed, skipped = 0 } = await work();
    rows.push([name, (Date.now() - started) / 1000, `${passed}`, `${failed}`, `${skipped}`]);
  }
  console.log(`\n${textTable(["", "seconds", "passed", "failed", "skipped"], rows)}\n`);
  /** @param {number} column */
  const sum = (column) => rows.reduce((total, row) => total + Number(row[column]), 0);
  console.log(`${sum(2)} passed, ${sum(3)} failed, ${sum(4)} skipped`);
  return sum(3) === 0 ? 0 : 1;
});

/**
 * Runs one program that finds all right or not.
 *
 * @param {string} program The path of its JavaScript.
 * @param {string[]} args
 */
async function check(program, args) {
  const code = await run(process.execPath, [program, ...args]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** What the unit tests run on: the engine that the library chooses on this machine. */
async function chosenEngine() {
  const ask = 'console.log(require("./lib").backend().name)';
  let engine = "no engine";
  await run(process.execPath, ["--import", "tsx", "--eval", ask], {
    onLine(line) {
      engine = ENGINES[line] ?? engine;
    },
  });
  return engine;
}

/**
 * Runs test files, showing the tests as they end; counts them, and lists what is skipped, from a second report.
 *
 * @param {string[]} files Their paths, relative to the project's folder.
 * @param {string} [backend] The WEIGHTSPACE_BACKEND they run on; as the user chose by default.
 */
async function unitTests(files, backend = "") {
  mkdirSync(build, { recursive: true });
  const report = join(build, `tests${backend && `-${backend}`}.tap`);
  rmSync(report, { force: true });
  const reporters = [
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=tap",
    `--test-reporter-destination=${report}`,
  ];
  const concurrency = `--test-concurrency=${availableParallelism()}`;
  const env = { ...process.env, ...(backend && { WEIGHTSPACE_BACKEND: backend }) };
  const code = await run(
    process.execPath,
    [
      ...["--import", "tsx", "--import", "./lib/notebook/use-environment.ts"],
      ...["--test", concurrency, ...reporters, ...files],
    ],
    { env },
  );
  const tap = readFileSync(report, "utf8");
  const skipped = skippedTests(tap);
  if (skipped.length > 0) console.log(`\nskipped\n${skipped.join("\n")}`);
  return countTap(tap, code);
}

async function notebooks() {
  const outcomes = await executeNotebooks(notebookNames(), { profile: "smoke" });
  const passed = outcomes.filter((outcome) => outcome.passed).length;
  return { passed, failed: outcomes.length - passed };
}
