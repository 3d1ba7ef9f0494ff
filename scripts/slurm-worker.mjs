import { UsageError } from "./setup/command-line.mjs";
import { main } from "./setup/main.mjs";
import { work } from "./slurm/worker.mjs";

const NAME = "node scripts/slurm-worker.mjs";
const usage = () => `${NAME} NOTEBOOK FOLDER

Executes a notebook as one of the workers of a Slurm job: "npm start -- NN --engine slurm" writes the job's script.`;

/** @param {string[]} args */
function parse(args) {
  const [notebook, folder] = args;
  if (notebook && folder && args.length === 2) return { notebook, folder };
  throw new UsageError(`Got ${args.length} arguments, expected a notebook's name and a folder.`);
}

main({ name: NAME, usage, parse }, ({ notebook, folder }) => work(notebook, folder));
