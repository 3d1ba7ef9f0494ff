import { run } from "./setup/command.mjs";
import { jupyterEnvironment } from "./setup/jupyter.mjs";
import { main } from "./setup/main.mjs";
import { python } from "./setup/paths.mjs";
import { setup } from "./setup/setup.mjs";

const jupyterlab = ["-m", "jupyterlab", "--notebook-dir=.", "--MultiKernelManager.default_kernel_name=tslab"];

/** `npm run lab`: JupyterLab on the notebooks; further arguments go to it (`npm run lab -- --no-browser`). */
main(async () => {
  await setup();
  return run(python, [...jupyterlab, ...process.argv.slice(2)], { env: jupyterEnvironment() });
});
