import * as tf from "@tensorflow/tfjs";
import type { Constant, NativeBackend, Operation, RecordedUpdate, Recording } from "./recording";

/** The source of a value that a program is fed: an input by position, a variable, or a captured tensor. */
export type Source = { input: number } | { variable: tf.Variable } | { captured: tf.TensorInfo };

/** An operation with the name of its first output and the names of its inputs. */
export interface Node {
  name: string;
  operation: Operation;
  inputs: string[];
}

/** An in-place update of variables. */
export interface Update {
  name: string;
  op: string;
  flags: Record<string, boolean>;
  /** The variables by their positions in `Program.assigned`, with the names of their values before the update. */
  variables: { position: number; current: string }[];
  inputs: string[];
}

/** A variable that a program assigns. */
export interface AssignedVariable {
  variable: tf.Variable;
  /** The name of the value that the variable is assigned at the end; undefined if an in-place update wrote it last. */
  value: string | undefined;
}

/** A recording whose tensor ids are replaced by names, which are equal for two recordings of the same work. */
export interface Program {
  feeds: { name: string; source: Source; shape: number[]; dtype: tf.DataType }[];
  constants: { name: string; constant: Constant }[];
  /** In execution order. */
  steps: (Node | Update)[];
  assigned: AssignedVariable[];
  /** The names of the returned values. */
  results: string[];
}

/** All registered variables and the ids of their values. */
export interface VariableIds {
  variables: tf.Variable[];
  ids: number[];
}

/** Lists the variables registered in tfjs, with the ids of their current values. */
export function variableIds(backend: NativeBackend): VariableIds {
  const variables = Object.values(tf.engine().state.registeredVariables);
  return { variables, ids: backend.getInputTensorIds(variables) };
}

/** The name of an assigned variable's value at the start of the step. */
export function initialName(position: number): string {
  return `variable${position}`;
}

/** The name of an assigned variable's value after an in-place update. */
export function updatedName(update: string, position: number): string {
  return `${update}_variable${position}`;
}

/**
 * Turns a recording into a program by naming its values in the order of the operations, so that two recordings of the
 * same work give equal programs.
 *
 * @param inputs The ids of the step's inputs.
 * @param results The ids of its outputs.
 * @param before The variables and the ids of their values before the step.
 * @param after The ids of their values after it.
 * @returns The program, or the reason why there is none.
 */
export function programOf(
  recording: Recording,
  inputs: number[],
  results: number[],
  before: VariableIds,
  after: number[],
): Program | string {
  if (recording.readsNumbers) return "it reads the values of a tensor";
  if (results.length === 0) return "it returns nothing";
  const changed = before.variables.flatMap((_, i) => (after[i] === before.ids[i] ? [] : [i]));
  const valueNames = new ValueNames(changed.map((i) => before.variables[i]!));
  for (const [position, i] of changed.entries()) valueNames.set(before.ids[i]!, initialName(position));
  const feeds = feedsOf(recording, inputs, before, valueNames);
  const constants = [...recording.constants].map(([id, constant], i) => ({
    name: valueNames.set(id, `constant${i}`),
    constant,
  }));
  const steps = stepsOf(recording, valueNames);
  const final = changed.map((i) => valueNames.get(after[i]!));
  const returned = results.map((id) => valueNames.get(id));
  const unnamed = [...steps.flatMap(({ inputs }) => inputs), ...final, ...returned].includes(
    undefined as never,
  );
  if (unnamed) return "it uses a tensor that an in-place update does not compute";
  const given = new Set(feeds.map(({ name }) => name));
  if ([...returned, ...final].some((name) => given.has(name!) || name!.startsWith("variable"))) {
    return "it returns or assigns an input, variable or captured tensor unchanged";
  }
  return {
    feeds,
    constants,
    steps,
    assigned: changed.map((i, position) => ({
      variable: before.variables[i]!,
      value: valueNames.updated.has(final[position]!) ? undefined : final[position]!,
    })),
    results: returned as string[],
  };
}

/** Describes how two programs differ; undefined if they do the same. */
export function differenceOf(a: Program, b: Program): string | undefined {
  const step = a.steps.findIndex((step, i) => textOf(step) !== textOf(b.steps[i]));
  if (step >= 0 || a.steps.length !== b.steps.length) {
    const differing = a.steps[step] ?? b.steps[a.steps.length]!;
    return `its operations differ between calls, at "${opOf(differing)}"`;
  }
  const constant = a.constants.find(({ constant }, i) => !sameConstant(constant, b.constants[i]?.constant));
  if (constant) {
    const reader = a.steps.find(({ inputs }) => inputs.includes(constant.name));
    const op = reader ? opOf(reader) : "an assignment";
    return `it creates different constants at each call, for "${op}": pass them as inputs`;
  }
  const values = ({ results, assigned }: Program) =>
    JSON.stringify([results, assigned.map(({ value }) => value)]);
  if (values(a) !== values(b) || !sameGiven(a, b)) {
    return "it uses different variables or tensors at each call";
  }
  return undefined;
}

/** The names of tensors by their ids. */
class ValueNames {
  /** The names of the values that in-place updates have computed. */
  readonly updated = new Set<string>();
  private readonly names = new Map<number, string>();

  constructor(readonly assigned: tf.Variable[]) {}

  set(id: number, name: string): string {
    this.names.set(id, name);
    return name;
  }

  get(id: number): string | undefined {
    return this.names.get(id);
  }
}

function feedsOf(
  { operations, constants, used }: Recording,
  inputs: number[],
  before: VariableIds,
  valueNames: ValueNames,
): Program["feeds"] {
  const made = new Set([...constants.keys(), ...operations.flatMap(({ outputs }) => outputs)]);
  const feeds: Program["feeds"] = [];
  for (const [id, info] of used) {
    if (made.has(id) || valueNames.get(id)) continue;
    const name = valueNames.set(id, `feed${feeds.length}`);
    feeds.push({ name, source: sourceOf(id, info, inputs, before), shape: info.shape, dtype: info.dtype });
  }
  return feeds;
}

function stepsOf({ operations, updates }: Recording, valueNames: ValueNames): Program["steps"] {
  const steps: Program["steps"] = [];
  const waiting = [...updates];
  for (let i = 0; i <= operations.length; i++) {
    while (waiting[0]?.from === i) {
      const update = waiting.shift()!;
      steps.push(namedUpdate(`update${steps.length}`, update, valueNames));
      i = update.to;
    }
    const operation = operations[i];
    if (!operation) break;
    const name = `operation${steps.length}`;
    steps.push({ name, operation, inputs: operation.inputs.map((id) => valueNames.get(id)!) });
    operation.outputs.forEach((id, output) => {
      valueNames.set(id, output === 0 ? name : `${name}:${output}`);
    });
  }
  return steps;
}

function namedUpdate(name: string, recorded: RecordedUpdate, valueNames: ValueNames): Update {
  const { op, flags = {}, variables } = recorded.update;
  return {
    name,
    op,
    flags,
    variables: variables.map((variable, i) => {
      const position = valueNames.assigned.indexOf(variable);
      const current = valueNames.get(recorded.before[i]!)!;
      valueNames.updated.add(valueNames.set(recorded.after[i]!, updatedName(name, position)));
      return { position, current };
    }),
    inputs: recorded.inputs.map((id) => valueNames.get(id)!),
  };
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

function opOf(step: Node | Update): string {
  return "op" in step ? step.op : step.operation.op;
}

function textOf(step: Node | Update | undefined): string {
  if (!step || "op" in step) return JSON.stringify(step);
  return JSON.stringify([step.operation.op, step.operation.attributes, step.inputs]);
}

function sameConstant(a: Constant, b: Constant | undefined): boolean {
  return b !== undefined && a.dtype === b.dtype && Buffer.compare(a.bytes, b.bytes) === 0;
}

function sameGiven(a: Program, b: Program): boolean {
  return (
    a.assigned.every(({ variable }, i) => variable === b.assigned[i]?.variable) &&
    a.feeds.length === b.feeds.length &&
    a.feeds.every(({ source }, i) => sameSource(source, b.feeds[i]!.source))
  );
}

function sameSource(a: Source, b: Source): boolean {
  if ("input" in a) return "input" in b && a.input === b.input;
  if ("variable" in a) return "variable" in b && a.variable === b.variable;
  return "captured" in b && a.captured.dataId === b.captured.dataId;
}
