import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The module that chooses the backend, which whatever computes with tensors loads. */
const chooser = join("lib", "backend", "backend.ts");
/** The tests in here choose the backend themselves. */
const wasm = join("lib", "backend", "wasm");

/**
 * The library's tests whose outcome may depend on the backend: they load tensors, if not by themselves.
 *
 * @param {string} root The project's folder.
 * @param {string[]} files The tests' paths in it.
 */
export function tensorTests(root, files) {
  /** @param {string} file */
  const isOfLibrary = (file) => file.startsWith(join("lib", "")) && dirname(file) !== wasm;
  return files.filter((file) => isOfLibrary(file) && loads(join(root, file), join(root, chooser)));
}

/**
 * Whether a module loads another one, itself or by what it imports.
 *
 * @param {string} file The module.
 * @param {string} sought The other one.
 */
function loads(file, sought) {
  const found = new Set([file]);
  for (const module of found) for (const imported of importsOf(module)) found.add(imported);
  return found.has(sought);
}

const imports =
  /^(?:import|export)\s(?!type\s)(?:[^;]*?\sfrom )?"(\.[^"]*)"|\b(?:require|import)\("(\.[^"]*)"\)/gm;

/**
 * The project's TypeScript modules that a module imports; what is imported for its types only is not loaded.
 *
 * @param {string} file
 */
function importsOf(file) {
  return Array.from(readFileSync(file, "utf8").matchAll(imports), ([, from, called]) => from ?? called)
    .map((path) => join(dirname(file), path))
    .flatMap((path) => [path, `${path}.ts`, join(path, "index.ts")])
    .filter((path) => path.endsWith(".ts") && existsSync(path));
}
