/**
 * A variable of the notebook: every cell and every closure reads and writes the `value` of one object. Reading it
 * before it has a value throws a ReferenceError.
 */
export interface Variable {
  value: unknown;
  /** Sets it to `undefined` unless it has a value, as hoisting of `var` does. */
  hoist(): void;
  /** Makes it return what `read` returns until it is assigned: the binding of an import. */
  link(read: () => unknown): void;
  hasValue(): boolean;
}

/** The notebook's variables by name. */
export class Variables {
  private readonly variables = new Map<string, Variable>();

  get(name: string): Variable {
    let variable = this.variables.get(name);
    if (!variable) {
      variable = createVariable(name);
      this.variables.set(name, variable);
    }
    return variable;
  }

  has(name: string): boolean {
    return this.variables.get(name)?.hasValue() ?? false;
  }

  /** The names of the variables that have a value. */
  names(): string[] {
    return [...this.variables.keys()].filter((name) => this.has(name));
  }
}

/**
 * Each variable has its own prototype and therefore, in V8, its own hidden class: machine code for `total.value` is
 * specialized to the values of this variable. With one class for all variables, a loop that sums floating-point
 * numbers is twice as slow. As long as there is no value, the prototype's accessor answers.
 */
function createVariable(name: string): Variable {
  const readWith = (get: () => unknown) =>
    Object.defineProperty(prototype, "value", { get, set: assign, configurable: true });
  const assign = (value: unknown) => {
    Object.defineProperty(variable, "value", { value, writable: true, enumerable: true, configurable: true });
  };
  const prototype = {
    hoist() {
      if (!prototype.hasValue()) assign(undefined);
    },
    hasValue: () => isLinked || Object.hasOwn(variable, "value"),
    link(read: () => unknown) {
      isLinked = true;
      readWith(read);
      Reflect.deleteProperty(variable, "value");
    },
  };
  let isLinked = false;
  readWith(() => {
    throw new ReferenceError(`${name} has no value: the cell that declares it has not given it one`);
  });
  const variable = Object.create(prototype) as Variable;
  return variable;
}

/** The variables as properties of one object, which tslab passes to cells under the name `exports`. */
export function asExports(variables: Variables): Record<string, unknown> {
  const assign = (name: string | symbol, value: unknown) => {
    if (typeof name === "string" && name !== "__esModule") variables.get(name).value = value;
    return true;
  };
  const read = (name: string | symbol) =>
    typeof name === "string" && variables.has(name) ? variables.get(name).value : undefined;
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, name) => read(name),
      set: (_, name, value) => assign(name, value),
      has: (_, name) => typeof name === "string" && variables.has(name),
      defineProperty: (_, name, { get, value }) => assign(name, get ? get() : value),
      ownKeys: () => variables.names(),
      getOwnPropertyDescriptor: (_, name) =>
        typeof name === "string" && variables.has(name)
          ? { value: read(name), writable: true, enumerable: true, configurable: true }
          : undefined,
    },
  );
}
