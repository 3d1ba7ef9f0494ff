import type { CompiledCell } from "../language/compiler";

/** The content of Jupyter's `error` message. */
export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** One output in several representations, keyed by MIME type; binary types are base64. */
export type MimeBundle = Record<string, unknown>;

/** A cell as the process that runs it gets it. */
export interface RunRequest {
  type: "run";
  /** Counts the executions of a kernel, from 1: output and interrupts name their cell by it. */
  id: number;
  /** The name that tracebacks give the cell, such as `Cell [3]`. */
  name: string;
  source: string;
  compiled: CompiledCell;
}

/** What the process of the cells is told. */
export type ToCells = RunRequest | { type: "interrupt"; id: number } | ({ type: "input" } & InputAnswer);

/** The user's answer to an `input` message, or why there is none. */
export interface InputAnswer {
  question?: number;
  text?: string;
  refusal?: string;
  /** The cell that was interrupted, whatever it asked. */
  interrupted?: number;
}

/** What the process of the cells tells; `id` is the cell that it comes from. */
export type FromCells =
  | { type: "stream"; id: number; name: "stdout" | "stderr"; text: string }
  | { type: "display"; id: number; update: boolean; data: MimeBundle; displayId?: string }
  | { type: "clear"; id: number; wait: boolean }
  | { type: "input"; id: number; question: number; prompt: string; password: boolean }
  | { type: "done"; id: number; data?: MimeBundle }
  | { type: "failed"; id: number; error: ErrorContent };
