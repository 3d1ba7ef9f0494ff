import { resolve } from "node:path";

/** The project's folder. */
export const projectFolder = resolve(__dirname, "..", "..");

/** Where runs leave what is not committed: figures, executed notebooks, results of the shorter profiles. */
export const buildFolder = resolve(projectFolder, "build");
