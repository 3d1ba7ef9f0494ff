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
