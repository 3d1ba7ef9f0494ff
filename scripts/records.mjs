import { join } from "node:path";
import { findNotebooks, notebookNames } from "./notebooks/select.mjs";
import { run } from "./setup/command.mjs";
import { parseCommandLine } from "./setup/command-line.mjs";
import { main } from "./setup/main.mjs";
import { setup } from "./setup/setup.mjs";

const usage = () => `npm run records -- [NN …]

Sets everything up, then adds to the committed results of notebooks the runs of their full profile that are finished and
recorded, so that they can be committed before all runs are done.

  NN                 a notebook, by its number or its name; all by default:
                     ${notebookNames().join(", ")}
  --help             shows this`;

/** @param {string[]} args */
const parse = (args) => findNotebooks(parseCommandLine(args, { allowPositionals: true }).positionals);

/** `npm run records`: packs finished runs into notebooks/results. */
main({ name: "npm run records", usage, parse }, async (names) => {
  await setup();
  return run(process.execPath, ["--import", "tsx", join("scripts", "records", "main.ts"), ...names]);
});
