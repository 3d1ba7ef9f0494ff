import type { CompiledCell } from "../language/compiler";

/** The content of Jupyter's `error` message. */
export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** One output in several representations, keyed by MIME type; binary types are base64. */
export type MimeBundle = Record<string, unknown>;

/** A cell as it is sent to the process of the cells. */
export interface RunRequest {
  type: "run";
  /** The number of the execution in this kernel, counted from 1. Output and interrupts identify their cell by it. */
  id: number;
  /** The name of the cell in tracebacks, such as `Cell [3]`. */
  name: string;
  source: string;
  compiled: CompiledCell;
}

/** A message to the process of the cells. */
export type ToCells = RunRequest | { type: "interrupt"; id: number } | ({ type: "input" } & InputAnswer);

/** The user's answer to an `input` message, or the reason that there is none. */
export interface InputAnswer {
  question?: number;
  text?: string;
  refusal?: string;
  /** The id of the cell that was interrupted, whichever question it asked. */
  interrupted?: number;
}

/** A message from the process of the cells; `id` is the cell that it comes from. */
export type FromCells =
  | { type: "stream"; id: number; name: "stdout" | "stderr"; text: string }
  | { type: "display"; id: number; update: boolean; data: MimeBundle; displayId?: string }
  | { type: "clear"; id: number; wait: boolean }
  | { type: "input"; id: number; question: number; prompt: string; password: boolean }
  | { type: "done"; id: number; data?: MimeBundle }
  | { type: "failed"; id: number; error: ErrorContent };
