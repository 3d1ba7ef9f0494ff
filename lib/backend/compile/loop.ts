import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import { AssignedVariables } from "./assigned-variables";
import { TYPES } from "./data-types";
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

/** Options of the loop around a program. */
export interface LoopOptions {
  /** The shape and type of each result. */
  results: Kind[];
  /** Whether an iteration whose first result is not finite assigns nothing and ends the loop. */
  finite: boolean;
}

/** The names of the nodes by which a loop is fed and fetched. */
export const names = {
  /** The number of iterations. */
  count: "count",
  /** An input of all iterations, stacked along a first axis. */
  input: (feed: string) => `all_${feed}`,
  /** A result of all iterations, stacked along a first axis. */
  result: (i: number) => `result${i}`,
};

/** Operations whose output may alias their input, so that an in-place update must not overwrite it. */
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
 * Builds the graph of a loop that runs a program once for each entry of its inputs, over variables that live in the
 * session.
 *
 * A TensorFlow loop has five control-flow operations: `Enter` brings a value into the loop; `Merge` takes a loop
 * variable from `Enter` or from `NextIteration` of the previous iteration; `Switch` sends it into the iteration or to
 * `Exit`.
 */
export function loopOf(program: Program, binding: TFJSBinding, options: LoopOptions): Graph {
  return new Loop(program, binding, options).build();
}

class Loop {
  private readonly graph = new Graph();
  /** The shapes and types of the program's feeds. */
  private readonly kinds: Kind[];
  /** The names in the loop of the program's values; a value that is absent keeps its name. */
  private readonly inside = new Map<string, string>();
  private readonly variables: AssignedVariables;

  constructor(
    private readonly program: Program,
    private readonly binding: TFJSBinding,
    private readonly options: LoopOptions,
  ) {
    this.kinds = program.feeds.map(({ shape, dtype }) => ({ shape, dtype: TYPES[dtype] }));
    this.variables = new AssignedVariables(program.assigned, {
      graph: this.graph,
      enter: (value, dtype) => this.enter(value, dtype),
      gates: options.finite ? ["^gate"] : [],
    });
  }

  build(): Graph {
    const { graph, options } = this;
    const count = this.enter(graph.placeholder(names.count, TYPES.int32, []), TYPES.int32);
    const iteration = this.merge("iteration", graph.integers("first_iteration", 0), TYPES.int32);
    const lists = options.results.map((kind, i) =>
      this.merge(`list${i}`, this.newList(i, kind), TYPES.variant),
    );
    graph.add("is_left", "Less", [iteration, count], { T: typeAttribute(TYPES.int32) });
    const condition = graph.add("condition", "LoopCond", ["is_left"]);
    const now = this.switchIn("iteration", iteration, condition, TYPES.int32);
    this.feedInputs(now);
    for (const step of this.program.steps) this.addStep(step, now);
    const gate = options.finite ? this.gate() : undefined;
    this.endIteration(now, count, gate);
    for (const [i, list] of lists.entries()) this.collect(i, list, condition, now);
    return graph;
  }

  /** Feeds the program the inputs of the current iteration, whose index is the value `now`. */
  private feedInputs(now: string): void {
    const { graph, program } = this;
    const axis = this.enter(graph.integers("first_axis", 0), TYPES.int32);
    for (const [i, { name, source }] of program.feeds.entries()) {
      const { shape, dtype } = this.kinds[i]!;
      if ("input" in source) {
        const all = this.enter(graph.placeholder(names.input(name), dtype, [-1, ...shape]), dtype);
        const attributes = {
          Tparams: typeAttribute(dtype),
          Tindices: typeAttribute(TYPES.int32),
          Taxis: typeAttribute(TYPES.int32),
        };
        this.inside.set(name, graph.add(`this_${name}`, "GatherV2", [all, now, axis], attributes));
      } else this.inside.set(name, this.enter(graph.placeholder(name, dtype, shape), dtype));
    }
    for (const { name, constant } of program.constants) {
      this.inside.set(name, this.enter(graph.constant(name, constant), constant.dtype));
    }
    this.variables.readAll(now);
  }

  private addStep(step: Node | Update, now: string): void {
    if ("op" in step) this.addUpdate(step);
    else this.addOperation(step, now);
  }

  private addOperation({ name, operation, inputs }: Node, now: string): void {
    const { graph, binding } = this;
    const attributes = operation.attributes.map((one) => [one.name, recordedAttribute(one, binding)]);
    const given = inputs.map((input) => this.insideName(input));
    // Without an input from the loop an operation would run once, before the loop.
    graph.add(name, operation.op, given.length > 0 ? given : [`^${now}`], Object.fromEntries(attributes));
    this.variables.use(given, name, aliases.has(operation.op));
  }

  private addUpdate({ name, op, flags, variables: updated, inputs }: Update): void {
    const { variables } = this;
    for (const { position, current } of updated) this.hold(position, current);
    const given = inputs.map((input) => this.insideName(input));
    const positions = updated.map(({ position }) => position);
    const handles = positions.map((position) => variables.handles[position]!);
    const attributes = Object.entries(flags).map(([flag, value]) => [flag, booleanAttribute(value)]);
    this.graph.add(name, op, [...handles, ...given, ...variables.waits(positions)], {
      T: typeAttribute(TYPES.float32),
      ...Object.fromEntries(attributes),
    });
    variables.use(given, name, false);
    for (const position of positions) {
      variables.wrote(position, name);
      variables.read(updatedName(name, position), position, name);
    }
  }

  /** Assigns a value of the program to a variable unless the variable already holds it. */
  private hold(position: number, value: string): void {
    const { variables } = this;
    if (!variables.holds(position, value)) variables.assign(position, value, this.owned(value, position));
  }

  /** The name of a value whose memory a variable may own: a copy where the value may alias another tensor. */
  private owned(value: string, position: number): string {
    const maker = this.program.steps.find((step) => step.name === value.split(":")[0]);
    const inside = this.insideName(value);
    if (!maker || "op" in maker || !aliases.has(maker.operation.op)) return inside;
    const T = typeAttribute(this.variables.dtype(position));
    return this.graph.add(`${maker.name}_copy${position}`, "DeepCopy", [inside], { T });
  }

  /** Adds a node `gate` that runs only if the first result is finite; returns the name of that verdict. */
  private gate(): string {
    const { graph } = this;
    const loss = this.insideName(this.program.results[0]!);
    const verdict = graph.add("is_finite", "IsFinite", [loss], { T: typeAttribute(TYPES.float32) });
    graph.add("finite", "Switch", [verdict, verdict], { T: typeAttribute(TYPES.bool) });
    graph.add("gate", "Identity", ["finite:1"], { T: typeAttribute(TYPES.bool) });
    return verdict;
  }

  /** Starts the next iteration once all variables are assigned; a non-finite result ends the loop instead. */
  private endIteration(now: string, count: string, gate: string | undefined): void {
    const { graph, program } = this;
    for (const [position, { value }] of program.assigned.entries()) {
      if (value !== undefined) this.hold(position, value);
    }
    const integer = { T: typeAttribute(TYPES.int32) };
    const one = this.enter(graph.integers("one", 1), TYPES.int32);
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
      shape_type: typeAttribute(TYPES.int32),
    });
  }

  /** Appends a result of the iteration to its list, and stacks the list after the loop. */
  private collect(i: number, list: string, condition: string, now: string): void {
    const { graph, program } = this;
    const dtype = { element_dtype: typeAttribute(this.options.results[i]!.dtype) };
    const current = this.switchIn(`list${i}`, list, condition, TYPES.variant);
    const longer = graph.add(
      `longer_list${i}`,
      "TensorListSetItem",
      [current, now, this.insideName(program.results[i]!)],
      dtype,
    );
    graph.add(`next_list${i}`, "NextIteration", [longer], { T: typeAttribute(TYPES.variant) });
    const out = graph.add(`whole_list${i}`, "Exit", [`list${i}_switch`], { T: typeAttribute(TYPES.variant) });
    graph.add(names.result(i), "TensorListStack", [out, `shape${i}`], dtype);
  }

  /** Brings a loop-invariant value into the loop. */
  private enter(value: string, dtype: number): string {
    return this.graph.add(`entered_${value}`, "Enter", [value], {
      ...this.frame(dtype),
      is_constant: booleanAttribute(true),
    });
  }

  /** Adds a loop variable that starts at `value` and is `next_NAME` in the following iteration. */
  private merge(name: string, value: string, dtype: number): string {
    const first = this.graph.add(`entered_${value}`, "Enter", [value], this.frame(dtype));
    return this.graph.add(name, "Merge", [first, `next_${name}`], {
      T: typeAttribute(dtype),
      N: integerAttribute(2),
    });
  }

  /** Sends a merged value into the iteration while the condition holds, else out of the loop. */
  private switchIn(name: string, value: string, condition: string, dtype: number): string {
    const T = typeAttribute(dtype);
    const branches = this.graph.add(`${name}_switch`, "Switch", [value, condition], { T });
    return this.graph.add(`this_${name}`, "Identity", [`${branches}:1`], { T });
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
