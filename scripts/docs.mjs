import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { apiPage, exportedNames } from "./docs/api-index.mjs";
import { parseCommandLine } from "./setup/command-line.mjs";
import { main } from "./setup/main.mjs";
import { root } from "./setup/paths.mjs";
import { setup } from "./setup/setup.mjs";

const usage = () => `npm run docs

Sets everything up, then writes docs/api.md, the index of the names that lib exports, from their docstrings.

  --help             shows this`;

/** @param {string[]} args */
const parse = (args) => parseCommandLine(args, {});

/** `npm run docs`: writes the pages of docs/ that are generated. */
main({ name: "npm run docs", usage, parse }, async () => {
  await setup();
  writeFileSync(join(root, "docs", "api.md"), apiPage(await exportedNames()));
  return 0;
});
