import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { writeAtomically } from "../files/write-atomically";
import { decodeSafetensors, encodeSafetensors } from "./safetensors";
import type { State } from "./state";

/** Raised when what a checkpoint holds changes its meaning. */
const FORMAT = "weightspace 1";

/** Where a training was when it was last saved. */
export interface Checkpoint {
  /** Of the configuration, the experiment and the data. */
  key: string;
  /** Steps done. */
  step: number;
  /** What the training remembers. */
  state: State;
  /** What it has found so far; anything that JSON holds. */
  progress: unknown;
}

/** Writes a checkpoint as a safetensors file; an earlier one is replaced when the new one is complete. */
export function writeCheckpoint(path: string, { key, step, state, progress }: Checkpoint): void {
  const metadata = {
    format: FORMAT,
    key,
    step: `${step}`,
    progress: JSON.stringify(progress),
    sha256: hashOf(state),
  };
  writeAtomically(path, encodeSafetensors(state, metadata));
}

/**
 * Reads a checkpoint.
 *
 * @param key What its key should be.
 * @throws Error for one that was cut or altered, or that is of another format or configuration: the file's path,
 *   what was found and what was expected.
 */
export function readCheckpoint(path: string, key: string): Checkpoint {
  try {
    const { state, metadata } = decodeSafetensors(readFileSync(path));
    expect("format", metadata["format"], FORMAT);
    expect("configuration", metadata["key"], key);
    expect("sha256", hashOf(state), metadata["sha256"]);
    return { key, step: Number(metadata["step"]), state, progress: JSON.parse(metadata["progress"]!) };
  } catch (error) {
    throw new Error(`the checkpoint ${path} cannot be used: ${(error as Error).message}`);
  }
}

function expect(what: string, found: string | undefined, expected: string | undefined): void {
  if (found !== expected) throw new Error(`its ${what} is ${found}, expected ${expected}`);
}

function hashOf(state: State): string {
  const hash = createHash("sha256");
  for (const [name, { shape, values }] of Object.entries(state)) {
    hash.update(`${name} [${shape.join(", ")}]`);
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest("hex");
}
