import { parentPort, workerData } from "node:worker_threads";
import type { ErrorContent } from "../link/messages";
import type { Content } from "../protocol/wire";
import { complete, help, inspect, warmUp } from "./assistance";
import { describeCompileError } from "./compile-error";
import { type CompiledCell, Compiler } from "./compiler";
import { completenessOf } from "./completeness";
import { keepCompiledTypeScript } from "./load-typescript";
import { questionOf } from "./question";

/** The thread of the compiler, completion and inspection, so that none of them ever blocks the protocol. */
const compiler = new Compiler(workerData as string);

/** The result of compiling a cell, and the declarations that later cells see. */
export interface Compilation {
  /** Absent if the cell does not compile, or if it declares a module, of which nothing runs. */
  compiled?: CompiledCell;
  declarations: string;
  error?: ErrorContent;
  /** The text for the front end's pager, for a cell that asks for help, such as `name?`. */
  page?: Content;
}

function compile(declarations: string, source: string, name: string): Compilation {
  const question = questionOf(source);
  if (question?.kind === "help") return { declarations, page: help(compiler, declarations, question) };
  if (question) {
    const error = describeCompileError([{ ...question, column: 1 }], name, source);
    return { declarations, error };
  }
  const { diagnostics, ...compilation } = compiler.compile(declarations, source);
  if (diagnostics.length === 0) return compilation;
  return { ...compilation, error: describeCompileError(diagnostics, name, source) };
}

const services = {
  compile,
  complete: complete.bind(undefined, compiler),
  inspect: inspect.bind(undefined, compiler),
  isComplete: completenessOf,
};

export type Services = typeof services;

/** A call of a service, and the answer to it. */
export interface Call {
  number: number;
  service: keyof Services;
  given: unknown[];
}
export type Answer = { number: number } & ({ value: unknown } | { fault: Error });

// Prepares what the first cell needs from the compiler before it arrives.
compiler.compile("", "0");
keepCompiledTypeScript();

/** The pause without requests, in milliseconds, after which the next completion is prepared. */
const QUIET = 200;
let preparation: NodeJS.Timeout | undefined;

parentPort!.on("message", ({ number, service, given }: Call) => {
  clearTimeout(preparation);
  let answer: Answer;
  try {
    answer = { number, value: (services[service] as (...given: unknown[]) => unknown)(...given) };
  } catch (fault) {
    answer = { number, fault: fault as Error };
  }
  parentPort!.postMessage(answer);
  if (service === "compile" && "value" in answer) {
    const { declarations } = answer.value as Compilation;
    preparation = setTimeout(() => warmUp(compiler, declarations), QUIET);
  }
});
