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

const engines = { tensorflow: "TensorFlow", wasm: "WebAssembly", cpu: "JavaScript" };

const usage = () => `npm test

Sets everything up, then checks the types, lints, runs the unit tests and executes every notebook in its smoke
profile. The last line counts what passed and what failed.

  --help             shows this`;

const parse = (args) => parseCommandLine(args, {});

/** `npm test`: the set-up, then all checks; its last line is `N passed, N failed, N skipped`. */
main({ name: "npm test", usage, parse }, async () => {
  await setup();
  const tests = findTests(root, ["scripts", "kernel", "lib"]);
  const engine = await chosenEngine();
  const checks = [
    ["type check", () => check(npmFile("typescript", "bin/tsc"), ["-p", "."])],
    ["lint", () => check(npmFile("@biomejs/biome", "bin/biome"), ["check"])],
    [`unit tests on ${engine}`, () => unitTests(tests)],
    ...(engine === "TensorFlow"
      ? [["unit tests on WebAssembly", () => unitTests(tensorTests(root, tests), "wasm")]]
      : []),
    ["notebooks", notebooks],
  ];
  const rows = [];
  for (const [name, work] of checks) {
    console.log(`\n# ${name}`);
    const started = Date.now();
    const { passed, failed, skipped = 0 } = await work();
    rows.push([name, (Date.now() - started) / 1000, `${passed}`, `${failed}`, `${skipped}`]);
  }
  console.log(`\n${textTable(["", "seconds", "passed", "failed", "skipped"], rows)}\n`);
  const sum = (column) => rows.reduce((total, row) => total + Number(row[column]), 0);
  console.log(`${sum(2)} passed, ${sum(3)} failed, ${sum(4)} skipped`);
  return sum(3) === 0 ? 0 : 1;
});

/** Runs one program that finds all right or not. */
async function check(program, args) {
  const code = await run(process.execPath, [program, ...args]);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** What the unit tests run on: the engine that the library chooses on this machine. */
async function chosenEngine() {
  const ask = 'console.log(require("./lib/backend/backend").backend().name)';
  let engine;
  await run(process.execPath, ["--import", "tsx", "--eval", ask], {
    onLine(line) {
      engine = engines[line] ?? engine;
    },
  });
  return engine ?? "no engine";
}

/** Runs test files, showing the tests as they end; counts them, and lists what is skipped, from a second report. */
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
    ["--import", "tsx", "--test", concurrency, ...reporters, ...files],
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
