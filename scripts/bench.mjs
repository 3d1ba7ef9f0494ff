import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run, runQuietly } from "./setup/command.mjs";
import { main } from "./setup/main.mjs";
import { build, pythonOf, root } from "./setup/paths.mjs";
import { pip } from "./setup/pip.mjs";
import { setup } from "./setup/setup.mjs";
import { isDone, make } from "./setup/step.mjs";
import { findPython } from "./setup/versions.mjs";

const parts = ["libraries", "kernel"];
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

/**
 * `npm run bench -- [libraries] [kernel] [--only TEXT]`: measures the project beside what it replaces; all parts by
 * default, or the tasks of the libraries that have TEXT in their names.
 */
main(async () => {
  const asked = process.argv.slice(2);
  const named = asked.includes("--only") ? asked.slice(0, asked.indexOf("--only")) : asked;
  const unknown = named.find((part) => !parts.includes(part));
  if (unknown) throw new Error(`There is no part "${unknown}": choose among ${parts.join(", ")}.`);
  await setup();
  if (!isDone(rivals)) await make(rivals);
  const rival = existsSync(python) && isDone(rivals) ? python : "";
  return run(process.execPath, ["--import", "tsx", join("scripts", "bench.ts"), rival, ...asked]);
});
