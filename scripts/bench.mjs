import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run, runQuietly } from "./setup/command.mjs";
import { parseCommandLine, UsageError } from "./setup/command-line.mjs";
import { findPython } from "./setup/find-python.mjs";
import { main } from "./setup/main.mjs";
import { build, pythonOf, root } from "./setup/paths.mjs";
import { pip } from "./setup/pip.mjs";
import { setup } from "./setup/setup.mjs";
import { isDone, make } from "./setup/step.mjs";

const PARTS = ["libraries", "processes", "kernel"];
const venv = join(build, "bench-venv");
const python = pythonOf(venv);
const requirements = join(root, "scripts", "python", "bench.txt");

/** @type {import("./setup/step.mjs").Step} */
const rivals = {
  name: "PyTorch and NumPy, for the bench",
  stamp: join(venv, ".weightspace"),
  stampText: () => readFileSync(requirements, "utf8"),
  async make(show) {
    rmSync(venv, { recursive: true, force: true });
    show("empty environment");
    await runQuietly("Making the bench's environment", findPython(), ["-m", "venv", venv]);
    show("packages");
    await pip(python, "pip install", ["install", "--quiet", "--requirement", requirements]);
  },
  otherwise: "The bench goes on without them.",
};

const usage = () => `npm run bench -- [libraries] [processes] [kernel] [--only TEXT]

Sets everything up and measures the project beside what it replaces, which it installs under build/.

  libraries          tensors and linear algebra beside PyTorch, torch.compile and NumPy
  processes          runs that processes share beside those of one process
  kernel             the Jupyter kernel beside the stock one; all parts by default
  --only TEXT        only the tasks of the libraries that have TEXT in their names
  --help             shows this`;

/** @param {string[]} args */
function parse(args) {
  const { values, positionals } = parseCommandLine(args, {
    options: { only: { type: "string" } },
    allowPositionals: true,
  });
  const unknown = positionals.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) {
    throw new UsageError(`There is no part "${unknown}": choose among ${PARTS.join(", ")}.`);
  }
  return values.only === undefined ? positionals : [...positionals, "--only", values.only];
}

/** `npm run bench`: measures the project beside what it replaces. */
main({ name: "npm run bench", usage, parse }, async (asked) => {
  await setup();
  if (!isDone(rivals)) await make(rivals);
  const rival = existsSync(python) && isDone(rivals) ? python : "";
  return run(process.execPath, ["--import", "tsx", join("scripts", "bench.ts"), rival, ...asked]);
});
