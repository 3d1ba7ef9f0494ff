import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./project";

/** Numbers from elsewhere, by name, with their source. */
export interface Reference {
  /** The script with its versions and seeds, or the publication with the page or figure. */
  source: string;
}

/**
 * Reads numbers from elsewhere, such as a paper's or PyTorch's, that a notebook compares its own with.
 *
 * @typeParam T The structure of the file, which is not checked.
 * @param name The name of a file in `notebooks/references` without its extension, such as "03-pytorch".
 * @returns The contents of the file.
 * @throws Error for a name without a file, with the names that there are.
 * @example
 * const { source, ranks } = readReference<Reference & { ranks: Record<string, number> }>("03-pytorch");
 */
export function readReference<T>(name: string, folder = join(projectFolder, "notebooks", "references")): T {
  const path = join(folder, `${name}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as T;
  const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
  throw new Error(`readReference: there is no "${name}", expected one of ${names.join(", ")}`);
}
