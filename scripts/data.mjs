import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./setup/command.mjs";
import { parseCommandLine, UsageError } from "./setup/command-line.mjs";
import { main } from "./setup/main.mjs";
import { root } from "./setup/paths.mjs";
import { setup } from "./setup/setup.mjs";

const sets = Object.keys(JSON.parse(readFileSync(join(root, "data", "manifest.json"), "utf8")));

const usage = () => `npm run data -- [NAME …]

Sets everything up, then downloads and checks data sets: those named, or all.

  NAME               ${sets.join(", ")}
  --help             shows this`;

/** @param {string[]} args */
function parse(args) {
  const names = parseCommandLine(args, { allowPositionals: true }).positionals;
  const unknown = names.find((name) => !sets.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`There is no data set "${unknown}": data/manifest.json has ${sets.join(", ")}.`);
  }
  return names;
}

/** `npm run data`: fetches and checks the data sets. */
main({ name: "npm run data", usage, parse }, async (names) => {
  await setup();
  return run(process.execPath, ["--import", "tsx", join("scripts", "data.ts"), ...names]);
});
