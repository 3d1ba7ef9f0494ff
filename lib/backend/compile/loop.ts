import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import { AssignedVariables } from "./assigned-variables";
import { types } from "./data-types";
import {
  type Attribute,
  booleanAttribute,
  Graph,
  integerAttribute,
  recordedAttribute,
  textAttribute,
  typeAttribute,
} from "./graph";
import { type Node, type Program, type Update, updatedName } from "./program";

/** The shape and type of a value. */
export interface Kind {
  shape: number[];
  dtype: number;
}

/** How a program is run in a loop. */
export interface LoopOptions {
  /** The shape and type of each result. */
  results: Kind[];
  /**
   * Whether an iteration whose first result is not finite assigns nothing and ends the loop.
   */
  finite: boolean;
}

/** The names by which a loop is fed and fetched. */
export const names = {
  /** How many iterations there are. */
  count: "count",
  /** An input of all iterations, along a first axis of their own. */
  input: (feed: string) => `all_${feed}`,
  /** A result of all iterations, along a first axis of their own. */
  result: (i: number) => `result${i}`,
};

/** Operations whose output may alias their input, which no update in place may then overwrite. */
const aliases = new Set([
  "Bitcast",
  "Cast",
  "ExpandDims",
  "Identity",
  "Reshape",
  "Slice",
  "Squeeze",
  "StridedSlice",
]);

/**
 * The graph of a program's loop: one iteration after the other with the inputs of each, over variables that stay in
 * the session.
 *
 * A TensorFlow loop is made of five operations. `Enter` brings a value in; `Merge` takes a loop variable from before
 * the loop or, by `NextIteration`, from the iteration before; `Switch` leads it into the iteration or to `Exit`.
 */
export function loopOf(program: Program, binding: TFJSBinding, options: LoopOptions): Graph {
  return new Loop(program, binding, options).build();
}

class Loop {
  private readonly graph = new Graph();
  /** The kinds of what the program is given. */
  private readonly kinds: Kind[];
  /** What values of the program are called in the loop. */
  private readonly inside = new Map<string, string>();
  private readonly variables: AssignedVariables;

  constructor(
    private readonly program: Program,
    private readonly binding: TFJSBinding,
    private readonly options: LoopOptions,
  ) {
    this.kinds = program.feeds.map(({ shape, dtype }) => ({ shape, dtype: types[dtype] }));
    this.variables = new AssignedVariables(program.assigned, {
      graph: this.graph,
      enter: (value, dtype) => this.enter(value, dtype),
      gates: options.finite ? ["^gate"] : [],
    });
  }

  build(): Graph {
    const { graph, options } = this;
    const count = this.enter(graph.placeholder(names.count, types.int32, []), types.int32);
    const iteration = this.merge("iteration", graph.integers("first_iteration", 0), types.int32);
    const lists = options.results.map((kind, i) =>
      this.merge(`list${i}`, this.newList(i, kind), types.variant),
    );
    graph.add("is_left", "Less", [iteration, count], { T: typeAttribute(types.int32) });
    const condition = graph.add("condition", "LoopCond", ["is_left"]);
    const now = this.lead("iteration", iteration, condition, types.int32);
    this.giveInputs(now);
    for (const step of this.program.steps) this.add(step, now);
    const gate = options.finite ? this.gate() : undefined;
    this.endIteration(now, count, gate);
    for (const [i, list] of lists.entries()) this.collect(i, list, condition, now);
    return graph;
  }

  /** Feeds the program its inputs of one iteration. */
  private giveInputs(now: string): void {
    const { graph, program } = this;
    const axis = this.enter(graph.integers("first_axis", 0), types.int32);
    for (const [i, { name, source }] of program.feeds.entries()) {
      const { shape, dtype } = this.kinds[i]!;
      if ("input" in source) {
        const all = this.enter(graph.placeholder(names.input(name), dtype, [-1, ...shape]), dtype);
        const attributes = {
          Tparams: typeAttribute(dtype),
          Tindices: typeAttribute(types.int32),
          Taxis: typeAttribute(types.int32),
        };
        this.inside.set(name, graph.add(`this_${name}`, "GatherV2", [all, now, axis], attributes));
      } else this.inside.set(name, this.enter(graph.placeholder(name, dtype, shape), dtype));
    }
    for (const { name, constant } of program.constants) {
      this.inside.set(name, this.enter(graph.constant(name, constant), constant.dtype));
    }
    this.variables.readAll(now);
  }

  private add(step: Node | Update, now: string): void {
    if ("op" in step) this.update(step);
    else this.act(step, now);
  }

  private act({ name, operation, inputs }: Node, now: string): void {
    const { graph, binding } = this;
    const attributes = operation.attributes.map((one) => [one.name, recordedAttribute(one, binding)]);
    const given = inputs.map((input) => this.insideName(input));
    // What needs nothing would run before the loop and not in it.
    graph.add(name, operation.op, given.length > 0 ? given : [`^${now}`], Object.fromEntries(attributes));
    this.variables.use(given, name, aliases.has(operation.op));
  }

  private update({ name, op, flags, variables: updated, inputs }: Update): void {
    const { variables } = this;
    for (const { position, current } of updated) this.hold(position, current);
    const given = inputs.map((input) => this.insideName(input));
    const positions = updated.map(({ position }) => position);
    const handles = positions.map((position) => variables.handles[position]!);
    const attributes = Object.entries(flags).map(([flag, value]) => [flag, booleanAttribute(value)]);
    this.graph.add(name, op, [...handles, ...given, ...variables.waits(positions)], {
      T: typeAttribute(types.float32),
      ...Object.fromEntries(attributes),
    });
    variables.use(given, name, false);
    for (const position of positions) {
      variables.wrote(position, name);
      variables.read(updatedName(name, position), position, name);
    }
  }

  /** Makes an assigned variable hold a value of the program. */
  private hold(position: number, value: string): void {
    const { variables } = this;
    if (!variables.holds(position, value)) variables.assign(position, value, this.owned(value, position));
  }

  /** A value that is no other tensor's memory, for a variable. */
  private owned(value: string, position: number): string {
    const maker = this.program.steps.find((step) => step.name === value.split(":")[0]);
    const inside = this.insideName(value);
    if (!maker || "op" in maker || !aliases.has(maker.operation.op)) return inside;
    const T = typeAttribute(this.variables.dtype(position));
    return this.graph.add(`${maker.name}_copy${position}`, "DeepCopy", [inside], { T });
  }

  /** Runs only where the first result is finite. */
  private gate(): string {
    const { graph } = this;
    const loss = this.insideName(this.program.results[0]!);
    const verdict = graph.add("is_finite", "IsFinite", [loss], { T: typeAttribute(types.float32) });
    graph.add("finite", "Switch", [verdict, verdict], { T: typeAttribute(types.bool) });
    graph.add("gate", "Identity", ["finite:1"], { T: typeAttribute(types.bool) });
    return verdict;
  }

  /** The next iteration comes when this one has assigned all; where the gate is closed none does. */
  private endIteration(now: string, count: string, gate: string | undefined): void {
    const { graph, program } = this;
    for (const [position, { value }] of program.assigned.entries()) {
      if (value !== undefined) this.hold(position, value);
    }
    const integer = { T: typeAttribute(types.int32) };
    const one = this.enter(graph.integers("one", 1), types.int32);
    let next = graph.add("counted", "AddV2", [now, one], integer);
    const { writers } = this.variables;
    if (gate) {
      const good = graph.add("counted_if_finite", "Switch", [next, gate], integer);
      const all = graph.add("written", "Identity", [`${good}:1`, ...writers], integer);
      const bad = graph.add("no_more", "Switch", [count, gate], integer);
      next = graph.add("counted_or_no_more", "Merge", [all, bad], { ...integer, N: integerAttribute(2) });
    } else next = graph.add("written", "Identity", [next, ...writers], integer);
    graph.add("next_iteration", "NextIteration", [next], integer);
  }

  private newList(i: number, { shape, dtype }: Kind): string {
    const { graph } = this;
    graph.integers(`shape${i}`, shape);
    return graph.add(`new_list${i}`, "TensorListReserve", [`shape${i}`, names.count], {
      element_dtype: typeAttribute(dtype),
      shape_type: typeAttribute(types.int32),
    });
  }

  /** Puts a result of an iteration into its list, and the list out of the loop. */
  private collect(i: number, list: string, condition: string, now: string): void {
    const { graph, program } = this;
    const dtype = { element_dtype: typeAttribute(this.options.results[i]!.dtype) };
    const current = this.lead(`list${i}`, list, condition, types.variant);
    const longer = graph.add(
      `longer_list${i}`,
      "TensorListSetItem",
      [current, now, this.insideName(program.results[i]!)],
      dtype,
    );
    graph.add(`next_list${i}`, "NextIteration", [longer], { T: typeAttribute(types.variant) });
    const out = graph.add(`whole_list${i}`, "Exit", [`list${i}_led`], { T: typeAttribute(types.variant) });
    graph.add(names.result(i), "TensorListStack", [out, `shape${i}`], dtype);
  }

  /** Brings into the loop what is the same at all iterations. */
  private enter(value: string, dtype: number): string {
    return this.graph.add(`entered_${value}`, "Enter", [value], {
      ...this.frame(dtype),
      is_constant: booleanAttribute(true),
    });
  }

  /** A loop variable that starts at `value` and is `next_NAME` in the following iteration. */
  private merge(name: string, value: string, dtype: number): string {
    const first = this.graph.add(`entered_${value}`, "Enter", [value], this.frame(dtype));
    return this.graph.add(name, "Merge", [first, `next_${name}`], {
      T: typeAttribute(dtype),
      N: integerAttribute(2),
    });
  }

  /** Leads a merged value into the iteration, or out of the loop. */
  private lead(name: string, value: string, condition: string, dtype: number): string {
    const T = typeAttribute(dtype);
    const led = this.graph.add(`${name}_led`, "Switch", [value, condition], { T });
    return this.graph.add(`this_${name}`, "Identity", [`${led}:1`], { T });
  }

  private frame(dtype: number): Record<string, Attribute> {
    return {
      T: typeAttribute(dtype),
      frame_name: textAttribute("steps"),
      parallel_iterations: integerAttribute(1),
    };
  }

  private insideName(value: string): string {
    return this.inside.get(value) ?? value;
  }
}
