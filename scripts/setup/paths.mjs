import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = resolve(fileURLToPath(import.meta.url), "../../..");

/** The project's own Python environment, which Jupyter lives in. */
export const venv = join(root, ".venv");

/** The Python of that environment. */
export const python =
  process.platform === "win32" ? join(venv, "Scripts", "python.exe") : join(venv, "bin", "python");

/** What is made by running the notebooks and the tests. */
export const build = join(root, "build");

/** A file of an npm package, such as `npmFile("typescript", "bin/tsc")`. */
export function npmFile(name, path) {
  return join(root, "node_modules", name, path);
}
