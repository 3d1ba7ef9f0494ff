import { executeNotebooks } from "./notebooks/execute.mjs";
import { parseSelection, selectionUsage } from "./notebooks/select.mjs";
import { textTable } from "./notebooks/table.mjs";
import { main } from "./setup/main.mjs";
import { setup } from "./setup/setup.mjs";
import { useSlurm } from "./slurm/engine.mjs";

/** @param {string[]} args */
const parse = (args) => parseSelection(args);

/**
 * `npm start`: sets everything up, executes the notebooks headlessly into build/ and shows their key results. A full
 * run with --render replaces the committed notebooks. With --engine slurm, jobs of Slurm do so.
 */
main({ name: "npm start", usage: selectionUsage, parse }, async ({ slurm, ...request }) => {
  if (slurm) {
    await useSlurm({ ...request, slurm });
    return 0;
  }
  const { names, profile, render, workers, device } = request;
  await setup({ device });
  console.log(`Notebooks, ${profile} profile`);
  const outcomes = await executeNotebooks(names, { profile, render, workers });
  const rows = outcomes.map(({ name, seconds, result, original, look }) => [
    name,
    seconds,
    result,
    original,
    look,
  ]);
  console.log(
    `\n${textTable(["notebook", "seconds", "key result", "the original's", "where to look"], rows)}`,
  );
  return outcomes.every(({ passed }) => passed) ? 0 : 1;
});
