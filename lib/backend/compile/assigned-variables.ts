import { TYPES } from "./data-types";
import { type Graph, shapeAttribute, textAttribute, typeAttribute } from "./graph";
import { type AssignedVariable, initialName } from "./program";

/** The names of the nodes by which a variable of the loop is assigned and read from outside. */
export const variableNames = {
  /** The placeholder that is fed the value to assign. */
  newValue: (position: number) => `new_value${position}`,
  /** The node whose fetch performs the assignment. */
  assign: (position: number) => `assigned${position}`,
  /** The node that reads the value. */
  value: (position: number) => `value${position}`,
};

/** The parts of the loop that its variables use. */
interface LoopContext {
  graph: Graph;
  /** Makes a value from outside available in the loop; returns its name there. */
  enter(value: string, dtype: number): string;
  /** Control inputs that must run before any variable is written. */
  gates: string[];
}

/** The state of a variable at one point of the loop, which is built in execution order. */
interface State {
  /** The name of the value that the variable holds. */
  held: string;
  /** The values that share the variable's memory. */
  sharers: Set<string>;
  /** The operations that read any of the sharers. */
  users: Set<string>;
  /** The operation that last wrote the variable. */
  writer: string | undefined;
}

/** The variables that a loop assigns: they live in the session, and each write waits for all earlier reads. */
export class AssignedVariables {
  /** The names of the variables' handles inside the loop, by position. */
  readonly handles: string[];
  private readonly states: State[];

  constructor(
    private readonly assigned: AssignedVariable[],
    private readonly loop: LoopContext,
  ) {
    this.handles = assigned.map((_, position) => this.addVariable(position));
    this.states = assigned.map(() => ({
      held: "",
      sharers: new Set(),
      users: new Set(),
      writer: undefined,
    }));
  }

  /** Reads the initial value of every variable once the operation `when` has run. */
  readAll(when: string): void {
    for (const position of this.assigned.keys()) this.read(initialName(position), position, when);
  }

  /** Reads a variable as the value `name` once the operation `when` has run. */
  read(name: string, position: number, when: string): void {
    const { graph } = this.loop;
    const dtype = typeAttribute(this.dtype(position));
    graph.add(name, "ReadVariableOp", [this.handles[position]!, `^${when}`], { dtype });
    const state = this.states[position]!;
    this.states[position] = { ...state, held: name, sharers: new Set([name]), users: new Set() };
  }

  /** Notes that an operation reads values, and whether its output may alias them. */
  use(values: string[], user: string, isAlias: boolean): void {
    for (const { sharers, users } of this.states) {
      if (!values.some((value) => sharers.has(value))) continue;
      users.add(user);
      if (isAlias) sharers.add(user);
    }
  }

  /** Whether the variable at a position holds the value of this name. */
  holds(position: number, value: string): boolean {
    return this.states[position]!.held === value;
  }

  /** Adds an assignment of a value to a variable; `content` is the value's name in the loop. */
  assign(position: number, value: string, content: string): void {
    const name = `assign_${value.replace(":", "_")}_to${position}`;
    const inputs = [this.handles[position]!, content, ...this.waits([position])];
    this.loop.graph.add(name, "AssignVariableOp", inputs, { dtype: typeAttribute(this.dtype(position)) });
    this.states[position] = { held: value, sharers: new Set(), users: new Set([name]), writer: name };
  }

  /** Notes that an operation has written a variable. */
  wrote(position: number, writer: string): void {
    this.states[position]!.writer = writer;
  }

  /** The control inputs of a write. With a reader pending, an in-place update would copy the variable first. */
  waits(positions: number[]): string[] {
    const names = positions.flatMap((position) => {
      const { users, writer } = this.states[position]!;
      return writer ? [...users, writer] : [...users];
    });
    return [...new Set([...names.map((name) => `^${name}`), ...this.loop.gates])];
  }

  /** The control inputs that wait for the last write of every variable. */
  get writers(): string[] {
    const names = this.states.flatMap(({ writer }) => (writer ? [`^${writer}`] : []));
    return [...new Set(names)];
  }

  dtype(position: number): number {
    return TYPES[this.assigned[position]!.variable.dtype];
  }

  /** Adds a variable, with nodes outside the loop to assign and to read it; returns its handle inside the loop. */
  private addVariable(position: number): string {
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
    // Without a copy, an in-place update would overwrite the tensor or the array that was fed.
    const copy = graph.add(`copy${position}`, "DeepCopy", [given], { T: dtype });
    const assigning = graph.add(`assign${position}`, "AssignVariableOp", [handle, copy], { dtype });
    const done = graph.integers(`done${position}`, 0);
    const integer = { T: typeAttribute(TYPES.int32) };
    graph.add(variableNames.assign(position), "Identity", [done, `^${assigning}`], integer);
    graph.add(variableNames.value(position), "ReadVariableOp", [handle], { dtype });
    return enter(handle, TYPES.resource);
  }
}
