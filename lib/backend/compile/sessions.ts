import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import { type Graph, TAG } from "./graph";

/** A graph that TensorFlow has loaded, with variables of its own. */
export interface Session {
  /** Its number in the binding. */
  id: number;
  /** A hash of its graph: sessions with equal keys do the same. */
  key: string;
  /** The memory of its graph. */
  graphBytes: number;
}

/** A session that nothing uses, and the memory of its graph and variables. */
interface IdleSession extends Session {
  binding: TFJSBinding;
  bytes: number;
}

/** The largest number of idle sessions, and the largest memory of their graphs and variables, in bytes. */
const MOST_IDLE = { sessions: 16, bytes: 64 * 2 ** 20 };

/**
 * The idle sessions, the latest last. They are kept because TensorFlow optimizes a graph anew in every session, which
 * takes 0.1 to 0.3 s, and an experiment trains many networks of one shape.
 */
let idle: IdleSession[] = [];

/** An idle session of an equal graph, or a new one. The values of its variables are left over from its last use. */
export function openSession(graph: Graph, binding: TFJSBinding): Session {
  const model = graph.savedModel();
  const key = createHash("sha256").update(model).digest("hex");
  const found = idle.find((session) => session.key === key);
  if (!found) return { id: load(model, binding), key, graphBytes: model.length };
  idle = idle.filter((session) => session !== found);
  return found;
}

/**
 * Makes a session idle, and frees the longest idle ones where there are too many; a large one is freed at
 * once.
 *
 * @param variableBytes The memory of its variables.
 */
export function closeSession(closed: Session, binding: TFJSBinding, variableBytes: number): void {
  const session = { ...closed, binding, bytes: closed.graphBytes + variableBytes };
  if (session.bytes > MOST_IDLE.bytes) {
    free(session);
    return;
  }
  idle.push(session);
  while (idle.length > MOST_IDLE.sessions || bytesOf(idle) > MOST_IDLE.bytes) free(idle.shift()!);
}

/** Frees all idle sessions. */
export function freeIdleSessions(): void {
  for (const session of idle) free(session);
  idle = [];
}

function free({ id, binding }: IdleSession): void {
  binding.deleteSavedModel(id);
}

function bytesOf(sessions: IdleSession[]): number {
  return sessions.reduce((sum, { bytes }) => sum + bytes, 0);
}

function load(model: Uint8Array, binding: TFJSBinding): number {
  const folder = mkdtempSync(join(tmpdir(), "graph-"));
  try {
    writeFileSync(join(folder, "saved_model.pb"), model);
    return binding.loadSavedModel(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
