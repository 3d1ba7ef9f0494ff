import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { requireInteger } from "../checks/check-range";
import { writeAtomically } from "../files/write-atomically";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";
import type { State } from "./state";

/** Bump when the file format changes. */
const FORMAT = "weightspace 2";

/** The name of the file's last array, the SHA-256 of all bytes before it. */
const HASH = "__sha256__";
const HASH_BYTES = 32;

/** A saved point of a training run, from which it can resume. */
export interface Checkpoint {
  /** Identifies the configuration, the experiment and the data. */
  key: string;
  /** The number of completed steps, an integer ≥ 0. */
  step: number;
  /** The arrays from which the run resumes, such as those of the model, the optimizer and the random generators. */
  state: State;
  /** The results so far, such as the history: any JSON value. */
  progress: unknown;
}

/** Thrown for an unusable checkpoint; the message names the file, what was found and what was expected. */
export class CheckpointError extends Error {}

/**
 * Writes a checkpoint as a safetensors file whose last array is the SHA-256 of all bytes before it. An earlier file
 * is replaced only once the new one is complete.
 *
 * @param path The file; its folder is created if it does not exist.
 * @throws RangeError for a step that is not an integer ≥ 0; TypeError for progress that JSON cannot represent
 *   (undefined, NaN, Infinity); SafetensorsError for arrays that safetensors cannot represent; Error for a reserved
 *   array name or if the file cannot be written.
 */
export function writeCheckpoint(path: string, { key, step, state, progress }: Checkpoint): void {
  requireInteger(`the checkpoint ${path}: step`, step, 0);
  if (Object.hasOwn(state, HASH))
    throw new Error(`the checkpoint ${path}: the array name ${HASH} is reserved`);
  const metadata = { format: FORMAT, key, step: `${step}`, progress: jsonOf(progress) };
  const hashed = { ...state, [HASH]: { shape: [HASH_BYTES / 4], values: new Uint32Array(HASH_BYTES / 4) } };
  const bytes = encodeSafetensors(hashed, metadata);
  bytes.set(hashOf(bytes), bytes.length - HASH_BYTES);
  writeAtomically(path, bytes);
}

/**
 * Reads a checkpoint and verifies its SHA-256, format and key.
 *
 * @param key The expected key.
 * @throws CheckpointError if the file cannot be read, was truncated or altered, or has another format or key.
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

function expect(field: string, found: string | undefined, expected: string): void {
  if (found !== expected) throw new Error(`its ${field} is ${found}, expected ${expected}`);
}

/** The hash of a file without its last bytes, in which the hash is stored. */
function hashOf(file: Uint8Array): Buffer {
  return createHash("sha256").update(file.subarray(0, -HASH_BYTES)).digest();
}

/** @throws TypeError for a value that JSON would not preserve. */
function jsonOf(progress: unknown): string {
  const json = JSON.stringify(progress, (key, value) => {
    if (typeof value !== "number" || Number.isFinite(value)) return value;
    throw new TypeError(
      `the progress of a checkpoint has ${value} for "${key}", which JSON cannot represent`,
    );
  });
  if (json === undefined) throw new TypeError(`the progress of a checkpoint is ${progress}, expected JSON`);
  return json;
}
