import { executeNotebooks } from "./notebooks/execute.mjs";
import { parseSelection } from "./notebooks/select.mjs";
import { textTable } from "./notebooks/table.mjs";
import { main } from "./setup/main.mjs";
import { setup } from "./setup/setup.mjs";

/**
 * `npm start -- [NN …] [--profile quick|full|smoke] [--render] [--gpu|--cpu]`: sets everything up, executes the notebooks
 * headlessly into build/ and shows their key results. A full run with --render replaces the committed notebooks.
 */
main(async () => {
  const { names, profile, render, device } = parseSelection(process.argv.slice(2));
  await setup({ device });
  console.log(`Notebooks, ${profile} profile`);
  const outcomes = await executeNotebooks(names, { profile, render });
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
