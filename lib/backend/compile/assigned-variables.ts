import { types } from "./data-types";
import { type Graph, shapeAttribute, textAttribute, typeAttribute } from "./graph";
import { type AssignedVariable, initialName } from "./program";

/** The names by which a variable of the loop is assigned and read from outside it. */
export const variableNames = {
  /** Takes the value to assign. */
  newValue: (position: number) => `new_value${position}`,
  /** Fetched to assign it. */
  assign: (position: number) => `assigned${position}`,
  /** The value. */
  value: (position: number) => `value${position}`,
};

/** What the variables need of the loop that they are used in. */
interface LoopContext {
  graph: Graph;
  /** Brings a value into the loop. */
  enter(value: string, dtype: number): string;
  /** What has to run before a variable is written. */
  gates: string[];
}

/** Where a variable is, as the loop is built in the order in which it runs. */
interface State {
  /** The name of the value that it holds. */
  held: string;
  /** The values that are its memory. */
  sharers: Set<string>;
  /** The operations that use them. */
  users: Set<string>;
  /** The operation that wrote it last. */
  writer: string | undefined;
}

/** The variables that a loop assigns: they stay in the session, and each write comes after the reads before it. */
export class AssignedVariables {
  /** In the loop. */
  readonly handles: string[];
  private readonly states: State[];

  constructor(
    private readonly assigned: AssignedVariable[],
    private readonly loop: LoopContext,
  ) {
    this.handles = assigned.map((_, position) => this.keep(position));
    this.states = assigned.map(() => ({
      held: "",
      sharers: new Set(),
      users: new Set(),
      writer: undefined,
    }));
  }

  /** Reads all, when another operation is done, for the values with which a step begins. */
  readAll(when: string): void {
    for (const position of this.assigned.keys()) this.read(initialName(position), position, when);
  }

  /** Reads one when another operation is done; `name` is the value's. */
  read(name: string, position: number, when: string): void {
    const { graph } = this.loop;
    const dtype = typeAttribute(this.dtype(position));
    graph.add(name, "ReadVariableOp", [this.handles[position]!, `^${when}`], { dtype });
    const state = this.states[position]!;
    this.states[position] = { ...state, held: name, sharers: new Set([name]), users: new Set() };
  }

  /** Notes that an operation uses values, and whether it gives them on as its own. */
  use(values: string[], user: string, isAlias: boolean): void {
    for (const { sharers, users } of this.states) {
      if (!values.some((value) => sharers.has(value))) continue;
      users.add(user);
      if (isAlias) sharers.add(user);
    }
  }

  /** Whether one holds a value of this name. */
  holds(position: number, value: string): boolean {
    return this.states[position]!.held === value;
  }

  /** Assigns one, as the next operation. `content` is what the value is called in the loop. */
  assign(position: number, value: string, content: string): void {
    const name = `assign_${value.replace(":", "_")}_to${position}`;
    const inputs = [this.handles[position]!, content, ...this.waits([position])];
    this.loop.graph.add(name, "AssignVariableOp", inputs, { dtype: typeAttribute(this.dtype(position)) });
    this.states[position] = { held: value, sharers: new Set(), users: new Set([name]), writer: name };
  }

  /** Notes that an operation has written one. */
  wrote(position: number, writer: string): void {
    this.states[position]!.writer = writer;
  }

  /** What a write has to wait for. With a reader left, an update in place would copy what it updates. */
  waits(positions: number[]): string[] {
    const names = positions.flatMap((position) => {
      const { users, writer } = this.states[position]!;
      return writer ? [...users, writer] : [...users];
    });
    return [...new Set([...names.map((name) => `^${name}`), ...this.loop.gates])];
  }

  /** The operations that have written last. */
  get writers(): string[] {
    const names = this.states.flatMap(({ writer }) => (writer ? [`^${writer}`] : []));
    return [...new Set(names)];
  }

  dtype(position: number): number {
    return types[this.assigned[position]!.variable.dtype];
  }

  /** Makes a variable, and outside the loop the ways to assign and to read it. */
  private keep(position: number): string {
    const { graph, enter } = this.loop;
    const { shape } = this.assigned[position]!.variable;
    const type = this.dtype(position);
    const dtype = typeAttribute(type);
    const handle = graph.add(`handle${position}`, "VarHandleOp", [], {
      dtype,
      shape: shapeAttribute(shape),
      shared_name: textAttribute(`variable${position}`),
    });
    const given = graph.placeholder(variableNames.newValue(position), type, shape);
    // An update in place must not reach the memory of the tensor, or of the array, that was given.
    const copy = graph.add(`copy${position}`, "DeepCopy", [given], { T: dtype });
    const assigning = graph.add(`assign${position}`, "AssignVariableOp", [handle, copy], { dtype });
    const done = graph.integers(`done${position}`, 0);
    const integer = { T: typeAttribute(types.int32) };
    graph.add(variableNames.assign(position), "Identity", [done, `^${assigning}`], integer);
    graph.add(variableNames.value(position), "ReadVariableOp", [handle], { dtype });
    return enter(handle, types.resource);
  }
}
