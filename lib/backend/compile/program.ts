import * as tf from "@tensorflow/tfjs";
import type { Constant, NativeBackend, Operation, Recording } from "./recording";

/** What is given to a program at each run: an input by its position, the value of a variable, or one tensor always. */
export type Source = { input: number } | { variable: tf.Variable } | { captured: tf.TensorInfo };

/** A recording with names for ids, which two recordings of one function have in common. */
export interface Program {
  feeds: { name: string; source: Source; shape: number[]; dtype: tf.DataType }[];
  constants: { name: string; constant: Constant }[];
  operations: { name: string; operation: Operation; inputs: string[] }[];
  /** What the function returned. */
  results: string[];
  /** The variables that it assigned, and what. */
  assigned: { variable: tf.Variable; value: string }[];
}

/** The variables that there are, and the ids of their values. */
export interface VariableIds {
  variables: tf.Variable[];
  ids: number[];
}

export function variableIds(backend: NativeBackend): VariableIds {
  const variables = Object.values(tf.engine().state.registeredVariables);
  return { variables, ids: backend.getInputTensorIds(variables) };
}

/**
 * Names what a function did: in the order in which it did it, so that doing the same gives the same names.
 *
 * @returns The program, or in words why there is none.
 */
export function programOf(
  recording: Recording,
  inputs: number[],
  results: number[],
  before: VariableIds,
  after: number[],
): Program | string {
  if (recording.readsNumbers) return "it reads the numbers of a tensor";
  const { operations, constants, used } = recording;
  const names = new Map<number, string>();
  const made = new Set([...constants.keys(), ...operations.flatMap(({ outputs }) => outputs)]);
  const feeds: Program["feeds"] = [];
  for (const [id, info] of used) {
    if (made.has(id)) continue;
    const name = `feed${feeds.length}`;
    names.set(id, name);
    feeds.push({ name, source: sourceOf(id, info, inputs, before), shape: info.shape, dtype: info.dtype });
  }
  const named = [...constants].map(([id, constant], i) => {
    names.set(id, `constant${i}`);
    return { name: `constant${i}`, constant };
  });
  const steps = operations.map((operation, i) => {
    const name = `operation${i}`;
    const step = { name, operation, inputs: operation.inputs.map((id) => names.get(id)!) };
    operation.outputs.forEach((id, output) => {
      names.set(id, output === 0 ? name : `${name}:${output}`);
    });
    return step;
  });
  const assigned = before.variables.flatMap((variable, i) =>
    after[i] === before.ids[i] ? [] : [{ variable, value: names.get(after[i]!)! }],
  );
  const fetched = [...results.map((id) => names.get(id)), ...assigned.map(({ value }) => value)];
  if (fetched.includes(undefined)) return "it returns or assigns a tensor as it was given";
  return {
    feeds,
    constants: named,
    operations: steps,
    results: fetched.slice(0, results.length) as string[],
    assigned,
  };
}

/** In what two programs differ, in words; undefined where they do the same. */
export function differenceOf(a: Program, b: Program): string | undefined {
  const operation = a.operations.findIndex((step, i) => textOf(step) !== textOf(b.operations[i]));
  if (operation >= 0 || a.operations.length !== b.operations.length) {
    const step = a.operations[operation] ?? b.operations[a.operations.length];
    return `it does not ask for the same at each call: "${step?.operation.op}" differs`;
  }
  const constant = a.constants.find(({ constant }, i) => !sameConstant(constant, b.constants[i]?.constant));
  if (constant) {
    const reader = a.operations.find(({ inputs }) => inputs.includes(constant.name));
    return `it makes other numbers at each call, for "${reader?.operation.op ?? "an assignment"}": pass them in`;
  }
  const same = (x: unknown, y: unknown) => JSON.stringify(x) === JSON.stringify(y);
  const values = ({ assigned }: Program) => assigned.map(({ value }) => value);
  if (!same(a.results, b.results) || !same(values(a), values(b)) || !sameFeeds(a, b)) {
    return "it does not use the same variables and tensors at each call";
  }
  return undefined;
}

function sourceOf(
  id: number,
  info: tf.TensorInfo,
  inputs: number[],
  { variables, ids }: VariableIds,
): Source {
  const input = inputs.indexOf(id);
  if (input >= 0) return { input };
  const variable = variables[ids.indexOf(id)];
  return variable ? { variable } : { captured: info };
}

function textOf(step: Program["operations"][number] | undefined): string {
  return step ? JSON.stringify([step.operation.op, step.operation.attributes, step.inputs]) : "";
}

function sameConstant(a: Constant, b: Constant | undefined): boolean {
  return b !== undefined && a.dtype === b.dtype && Buffer.compare(a.bytes, b.bytes) === 0;
}

function sameFeeds(a: Program, b: Program): boolean {
  if (a.assigned.some(({ variable }, i) => variable !== b.assigned[i]?.variable)) return false;
  return (
    a.feeds.length === b.feeds.length &&
    a.feeds.every(({ source }, i) => sameSource(source, b.feeds[i]!.source))
  );
}

function sameSource(a: Source, b: Source): boolean {
  if ("input" in a) return "input" in b && a.input === b.input;
  if ("variable" in a) return "variable" in b && a.variable === b.variable;
  return "captured" in b && a.captured.dataId === b.captured.dataId;
}
