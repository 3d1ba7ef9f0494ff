import fs from "node:fs";

/** The functions of node:fs by which lib claims a run and gives files their names. */
const CHANGES = ["openSync", "renameSync", "linkSync", "rmSync"] as const;

/** What is done at a change of a file. */
export interface FileWatch {
  /** Called before it, with the function's name and the file. */
  before(change: string, path: string): void;
  /** Called where a file is there already that was to be made. */
  onTaken(path: string): void;
  /** Called while content is written, when its first half is in the file. */
  onHalf(): void;
}

/** Watches how this process changes files from now on, so that it may be killed in the middle of any change. */
export function watchFiles(watch: FileWatch): void {
  for (const change of CHANGES) watchChange(change, watch);
  const whole = fs.writeFileSync;
  fs.writeFileSync = (file, content, options) => {
    if (typeof file !== "number") return whole(file, content, options);
    const bytes = typeof content === "string" ? Buffer.from(content) : bytesOf(content);
    const half = bytes.length >> 1;
    whole(file, bytes.subarray(0, half));
    watch.onHalf();
    whole(file, bytes.subarray(half));
  };
}

function watchChange(change: (typeof CHANGES)[number], { before, onTaken }: FileWatch): void {
  const original = fs[change] as (path: unknown, ...others: unknown[]) => unknown;
  const watched = (path: unknown, ...others: unknown[]) => {
    before(change, String(path));
    try {
      return original(path, ...others);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") onTaken(String(path));
      throw error;
    }
  };
  Object.assign(fs, { [change]: watched });
}

function bytesOf({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
