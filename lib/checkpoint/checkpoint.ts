import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { requireInteger } from "../checks/check-range";
import { writeAtomically } from "../files/write-atomically";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";
import type { State } from "./state";

/** Bump when the file format changes. */
const FORMAT = "weightspace 2";

/** The name of the last array of the file, which is the SHA-256 of all bytes before it. */
const HASH = "__sha256__";
const HASH_BYTES = 32;

/** Where a training was when it was last saved. */
export interface Checkpoint {
  /** Identifies the configuration, the experiment and the data. */
  key: string;
  /** Steps done. */
  step: number;
  /** What the training remembers. */
  state: State;
  /** What it has found so far: anything that JSON holds. */
  progress: unknown;
}

/** Raised for a checkpoint that cannot be used: its message names the file, what was found and what was expected. */
export class CheckpointError extends Error {}

/**
 * Writes a checkpoint as a safetensors file whose last array is the SHA-256 of all bytes before it. An earlier file
 * is replaced when the new one is complete.
 *
 * @throws Error for what could not be read back: a step that is no non-negative integer, progress that JSON cannot
 *   hold (undefined, NaN, Infinity), arrays that safetensors cannot hold; and where the file cannot be written.
 */
export function writeCheckpoint(path: string, { key, step, state, progress }: Checkpoint): void {
  requireInteger(`the checkpoint ${path}: step`, step, 0);
  if (Object.hasOwn(state, HASH))
    throw new Error(`the checkpoint ${path}: no array can have the name ${HASH}`);
  const metadata = { format: FORMAT, key, step: `${step}`, progress: jsonOf(progress) };
  const hashed = { ...state, [HASH]: { shape: [HASH_BYTES / 4], values: new Uint32Array(HASH_BYTES / 4) } };
  const bytes = encodeSafetensors(hashed, metadata);
  bytes.set(hashOf(bytes), bytes.length - HASH_BYTES);
  writeAtomically(path, bytes);
}

/**
 * Reads a checkpoint.
 *
 * @param key What its key should be.
 * @throws CheckpointError for a file that cannot be read, was cut or altered in any bit, or is of another format or
 *   key.
 */
export function readCheckpoint(path: string, key: string): Checkpoint {
  try {
    return parse(readFileSync(path), key);
  } catch (error) {
    throw new CheckpointError(`the checkpoint ${path} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function parse(bytes: Buffer, key: string): Checkpoint {
  const { state, metadata } = decodeSafetensors(bytes);
  expect("format", metadata["format"], FORMAT);
  const stored = bytes.subarray(-HASH_BYTES).toString("hex");
  expect("SHA-256", hashOf(bytes).toString("hex"), stored);
  expect("key", metadata["key"], key);
  delete state[HASH];
  return { key, step: Number(metadata["step"]), state, progress: JSON.parse(metadata["progress"]!) };
}

function expect(what: string, found: string | undefined, expected: string): void {
  if (found !== expected) throw new Error(`its ${what} is ${found}, expected ${expected}`);
}

/** The hash of all bytes of a file but those in which the hash is stored. */
function hashOf(file: Uint8Array): Buffer {
  return createHash("sha256").update(file.subarray(0, -HASH_BYTES)).digest();
}

/** @throws TypeError for what would not come back as it was. */
function jsonOf(progress: unknown): string {
  const json = JSON.stringify(progress, (key, value) => {
    if (typeof value !== "number" || Number.isFinite(value)) return value;
    throw new TypeError(`the progress of a checkpoint has ${value} for "${key}", which JSON cannot hold`);
  });
  if (json === undefined) throw new TypeError(`the progress of a checkpoint is ${progress}, expected JSON`);
  return json;
}
