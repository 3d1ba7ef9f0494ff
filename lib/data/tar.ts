import { closeSync, openSync, readSync, statSync } from "node:fs";

const BLOCK = 512;

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? field.length : end);
}

/** Where a file's content lies, in bytes. */
interface Entry {
  start: number;
  size: number;
}

/**
 * The regular files inside a tar archive in the POSIX ustar format, which stays on disk.
 *
 * Paths in GNU or pax extension headers (longer than 255 characters) are not understood.
 */
export class TarFile {
  private readonly size: number;
  private readonly entries = new Map<string, Entry>();

  /** @throws Error for an archive that is cut off or is not tar */
  constructor(private readonly path: string) {
    this.size = statSync(path).size;
    for (let at = 0; at + BLOCK <= this.size; ) {
      const header = this.bytes(at, BLOCK);
      if (header[0] === 0) break;
      at = this.add(header, at);
    }
  }

  /**
   * The content of the file at a path inside the archive.
   *
   * @throws Error where there is none
   */
  read(path: string): Buffer {
    const { start, size } = this.entry(path);
    return this.bytes(start, size);
  }

  /** The same in pieces of `length` bytes, so that it need not fit the memory; the last may be shorter. */
  *readPieces(path: string, length: number): Generator<Buffer> {
    const { start, size } = this.entry(path);
    for (let at = 0; at < size; at += length) yield this.bytes(start + at, Math.min(length, size - at));
  }

  private entry(path: string): Entry {
    const entry = this.entries.get(path);
    if (!entry) throw new Error(`the archive holds no ${path}`);
    return entry;
  }

  /** Notes the entry whose header lies at `at`; returns where the next one does. */
  private add(header: Buffer, at: number): number {
    const size = Number.parseInt(text(header.subarray(124, 136)), 8);
    const start = at + BLOCK;
    if (text(header.subarray(257, 262)) !== "ustar" || !(start + size <= this.size)) {
      throw new Error(`the tar archive of ${this.size} bytes is damaged at byte ${at}`);
    }
    const prefix = text(header.subarray(345, 500));
    const name = text(header.subarray(0, 100));
    const type = text(header.subarray(156, 157)) || "0";
    if (type === "0") this.entries.set(prefix ? `${prefix}/${name}` : name, { start, size });
    return start + Math.ceil(size / BLOCK) * BLOCK;
  }

  private bytes(start: number, size: number): Buffer {
    const file = openSync(this.path, "r");
    try {
      const content = Buffer.alloc(size);
      const read = readSync(file, content, 0, size, start);
      if (read < size) throw new Error(`the tar archive ends at byte ${start + read}`);
      return content;
    } finally {
      closeSync(file);
    }
  }
}
