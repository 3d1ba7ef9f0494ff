import { closeSync, openSync, readSync, statSync } from "node:fs";

const BLOCK = 512;

/** What is a regular file in ustar: "0", NUL in older archives, "7" for one that lies in one piece. */
const REGULAR = new Set(["0", "", "7"]);
/** Links, devices, folders, pipes: whatever size their headers give, no content follows. */
const WITHOUT_CONTENT = new Set(["1", "2", "3", "4", "5", "6"]);

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? field.length : end);
}

/**
 * A number in a header: octal digits between spaces, up to a NUL, or, where the first byte is 0x80, a big-endian
 * integer in the other bytes (GNU tar, for what octal digits do not hold). NaN for anything else, negative numbers
 * included.
 */
function number(field: Buffer): number {
  if (field[0] === 0x80) return field.subarray(1).reduce((value, byte) => 256 * value + byte, 0);
  const digits = /^ *([0-7]*) *$/.exec(text(field))?.[1];
  return digits === undefined ? Number.NaN : Number.parseInt(digits || "0", 8);
}

/** The sum of a header's bytes, those of the field that holds the sum counted as spaces. */
function checksum(header: Buffer): number {
  const rest = [header.subarray(0, 148), header.subarray(156)];
  return rest.reduce((total, bytes) => bytes.reduce((sum, byte) => sum + byte, total), 8 * 0x20);
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

  /** @throws Error for an archive that is cut off or damaged, or is not tar: with the byte of the header. */
  constructor(private readonly path: string) {
    this.size = statSync(path).size;
    if (this.size === 0) throw new Error("the tar archive is empty");
    for (let at = 0; at < this.size; ) {
      if (at + BLOCK > this.size) throw this.damaged(at, `it has ${this.size} bytes`);
      const header = this.bytes(at, BLOCK);
      if (header.every((byte) => byte === 0)) break;
      at = this.add(header, at);
    }
  }

  /**
   * The content of the file at a path inside the archive.
   *
   * @param atMost The bytes it may have. Default: any number.
   * @throws Error where there is none, or a larger one
   */
  read(path: string, atMost = Number.POSITIVE_INFINITY): Buffer {
    const { start, size } = this.entry(path);
    if (size > atMost) throw new Error(`the archive's ${path} has ${size} bytes, expected at most ${atMost}`);
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
    if (text(header.subarray(257, 262)) !== "ustar") throw this.damaged(at, "it has no ustar header there");
    const [found, stated] = [checksum(header), number(header.subarray(148, 156))];
    if (found !== stated) throw this.damaged(at, `the header's checksum is ${found}, expected ${stated}`);
    const type = text(header.subarray(156, 157));
    const size = WITHOUT_CONTENT.has(type) ? 0 : number(header.subarray(124, 136));
    const start = at + BLOCK;
    if (!Number.isSafeInteger(size)) {
      const field = JSON.stringify(header.toString("latin1", 124, 136));
      throw this.damaged(at, `the entry's size is ${field}, expected octal digits`);
    }
    const end = start + Math.ceil(size / BLOCK) * BLOCK;
    if (end > this.size) {
      throw this.damaged(at, `the entry has ${size} bytes, but the archive only ${this.size - start} more`);
    }
    const prefix = text(header.subarray(345, 500));
    const name = text(header.subarray(0, 100));
    if (REGULAR.has(type)) this.entries.set(prefix ? `${prefix}/${name}` : name, { start, size });
    return end;
  }

  private damaged(at: number, why: string): Error {
    return new Error(`the tar archive is damaged at byte ${at}: ${why}`);
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
