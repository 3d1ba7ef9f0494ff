import { run } from "./setup/command.mjs";
import { main } from "./setup/main.mjs";
import { python } from "./setup/paths.mjs";
import { setup } from "./setup/setup.mjs";

const JUPYTERLAB = ["-m", "jupyterlab", "--notebook-dir=.", "--MultiKernelManager.default_kernel_name=tslab"];

const usage = () => `npm run lab -- [JupyterLab's arguments]

Sets everything up and starts JupyterLab on the project's folder, with the TypeScript kernel. Arguments go to
JupyterLab, such as --no-browser or --port 8889; .venv/bin/jupyter lab --help lists them.

  --help             shows this`;

/** `npm run lab`: JupyterLab on the notebooks; further arguments go to it (`npm run lab -- --no-browser`). */
main({ name: "npm run lab", usage, parse: (args) => args }, async (args) => {
  await setup();
  return run(python, [...JUPYTERLAB, ...forRoot(), ...args]);
});

/** JupyterLab refuses to run as root, as which containers run, unless it is told to. */
function forRoot() {
  if (process.getuid?.() !== 0) return [];
  console.log("This user is root: JupyterLab is started with --allow-root.");
  return ["--allow-root"];
}
