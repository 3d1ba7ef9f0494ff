import { join } from "node:path";
import { npmFile, root, venv } from "./paths.mjs";

/** Where the set-up writes the kernelspec: Jupyter and VS Code find it with the environment's Python. */
export const kernelspecPath = join(venv, "share", "jupyter", "kernels", "tslab", "kernel.json");

/**
 * The kernelspec of this machine and this folder. Of tsx's entry points, the one required here starts soonest
 * (65 ms against 150 for the module hooks), and its stack traces show the lines of the .ts files.
 */
export function kernelspec() {
  return {
    argv: [
      process.execPath,
      "--require",
      npmFile("tsx", "dist/cjs/index.cjs"),
      join(root, "kernel", "main.ts"),
      "{connection_file}",
    ],
    display_name: "TypeScript (tslab)",
    language: "typescript",
    interrupt_mode: "signal",
    metadata: { debugger: false },
  };
}

/**
 * The environment for Jupyter's programs: they read and write inside the project only, and neither the user's
 * other Python packages nor the user's Jupyter settings and kernels count.
 */
export function jupyterEnvironment(env = process.env) {
  const home = join(venv, "jupyter");
  const foreign = ["JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"];
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.includes(name)));
  return {
    ...kept,
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    IPYTHONDIR: join(home, "ipython"),
    PYTHONNOUSERSITE: "1",
  };
}
