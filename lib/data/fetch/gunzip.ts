import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, gunzipSync } from "node:zlib";

/** What to say of an error of zlib about a file of which no more than `atMost` bytes were to be unpacked. */
function faultOf(error: unknown, path: string, atMost: number): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Error(
    code === "ERR_BUFFER_TOO_LARGE"
      ? `${path} unpacks to more than the ${atMost} bytes expected`
      : `${path} cannot be unpacked: ${message}`,
  );
}

/**
 * The content of a gzipped file.
 *
 * @param atMost The bytes it may have.
 * @throws Error for a larger content, which is not unpacked further, and for what is no gzip
 */
export function gunzipFile(path: string, atMost: number): Buffer {
  try {
    return gunzipSync(readFileSync(path), { maxOutputLength: Math.max(atMost, 1) });
  } catch (error) {
    throw faultOf(error, path, atMost);
  }
}

/** Unpacks a gzipped file into another, which may be too large for the memory; otherwise as `gunzipFile`. */
export async function gunzipTo(
  path: string,
  target: string,
  atMost: number,
  signal: AbortSignal,
): Promise<void> {
  let size = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length;
      if (size <= atMost) done(null, chunk);
      else done(Object.assign(new RangeError("too large"), { code: "ERR_BUFFER_TOO_LARGE" }));
    },
  });
  try {
    await pipeline(createReadStream(path), createGunzip(), limit, createWriteStream(target), { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw faultOf(error, path, atMost);
  }
}
