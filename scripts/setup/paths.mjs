import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = resolve(fileURLToPath(import.meta.url), "../../..");

/** The project's own Python environment, which Jupyter lives in. */
export const venv = join(root, ".venv");

/**
 * The Python of an environment.
 *
 * @param {string} environment Its folder.
 */
export function pythonOf(environment) {
  return process.platform === "win32"
    ? join(environment, "Scripts", "python.exe")
    : join(environment, "bin", "python");
}

/** The Python of the project's environment. */
export const python = pythonOf(venv);

/** What npm and pip have downloaded, kept until all that it is for is in place. */
export const cache = join(root, ".cache");

/** What is made by running the notebooks and the tests. */
export const build = join(root, "build");

/**
 * The path of an npm package's file, such as `npmFile("typescript", "bin/tsc")`.
 *
 * @param {string} name The package.
 * @param {string} path The file's, in the package.
 */
export function npmFile(name, path) {
  return join(root, "node_modules", name, path);
}
