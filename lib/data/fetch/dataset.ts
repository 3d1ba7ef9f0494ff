import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { host } from "../../display/host";
import { withLock } from "../../files/with-lock";
import { type Dataset, dataFolder, datasetNamed } from "./manifest";
import { fetchFrom, type Job, LEFT_BY_KILLED_PROCESSES, sourceLabel } from "./sources";
import { consoleReport, type TransferReport } from "./transfer-report";
import { contentFault, findFaults } from "./verify";

/** Options of a fetch of a data set. */
export interface FetchOptions {
  /** Hash every file, also those that look unchanged since they were last found right. */
  thorough?: boolean;
  report?: TransferReport;
  /** Stops the fetch; by default an interrupt of the running notebook cell does. */
  signal?: AbortSignal;
}

function removeAll(folder: string, pattern: RegExp): void {
  for (const name of readdirSync(folder)) {
    if (pattern.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Goes through the sources until no file is wrong; one that fails is not asked again. Needs the lock. */
async function fetchMissing(dataset: Dataset, thorough: boolean, job: Job): Promise<void> {
  const { folder, report, signal } = job;
  removeAll(folder, LEFT_BY_KILLED_PROCESSES);
  let faults = findFaults(folder, dataset.files, { thorough });
  for (const fault of faults.values()) report.line(fault);
  const failures: string[] = [];
  for (const source of dataset.sources) {
    if (faults.size === 0) break;
    report.line(`fetching from ${sourceLabel(source)}`);
    try {
      await fetchFrom(source, [...faults.keys()], job);
    } catch (error) {
      signal.throwIfAborted();
      failures.push(`${sourceLabel(source)}: ${(error as Error).message}`);
      report.line(`failed: ${(error as Error).message}`);
    }
    faults = findFaults(folder, dataset.files);
  }
  if (faults.size === 0) return removeAll(folder, /\.part$/);
  throw new Error(
    [
      `${dataset.title} could not be fetched into ${folder}`,
      ...faults.values(),
      "Sources tried:",
      ...failures,
    ].join("\n  "),
  );
}

/**
 * Makes sure that `folder` holds the files of a data set, each of the right size and hash, and fetches those that
 * do not fit. Safe to run in several processes at once; what was cut off is resumed.
 *
 * @throws Error that names each file still wrong and why each source failed
 */
export async function fetchFiles(
  dataset: Dataset,
  folder: string,
  { thorough = false, report = consoleReport(), signal = host().signal }: FetchOptions = {},
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (findFaults(folder, dataset.files, { thorough }).size === 0) return;
  const bytes = dataset.files.reduce((total, file) => total + file.bytes, 0);
  const job = { folder, bytes, report, signal };
  await withLock(join(folder, ".lock"), () => fetchMissing(dataset, thorough, job), {
    signal,
    onWait: () => report.line(`waiting for another process that fetches ${dataset.title}`),
  });
}

/**
 * The content of each file of a data set by file name, fetched first where missing. What is returned has the size
 * and hash it should have, whatever happened to the files in `folder`.
 */
export async function readFiles(
  dataset: Dataset,
  folder: string,
  options?: FetchOptions,
): Promise<Map<string, Uint8Array>> {
  for (const thorough of [false, true]) {
    await fetchFiles(dataset, folder, { ...options, thorough });
    const contents = new Map(dataset.files.map(({ name }) => [name, readFileSync(join(folder, name))]));
    if (!dataset.files.some((file) => contentFault(file, contents.get(file.name)!))) return contents;
  }
  throw new Error(`The files in ${folder} change while they are read`);
}

/** `fetchFiles` for a data set of data/manifest.json; returns its folder. */
export async function ensureDataset(name: string, options?: FetchOptions): Promise<string> {
  const folder = join(dataFolder(), name);
  await fetchFiles(datasetNamed(name), folder, options);
  return folder;
}

/** `readFiles` for a data set of data/manifest.json. */
export async function readDataset(name: string, options?: FetchOptions): Promise<Map<string, Uint8Array>> {
  return readFiles(datasetNamed(name), join(dataFolder(), name), options);
}
