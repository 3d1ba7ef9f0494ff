/** A feature of a newer version of the language: whether the running Node has it, and its types. */
interface Feature {
  isThere: boolean;
  types: string;
}

/** The array methods that return a modified copy. */
const copyMethods = (type: string, element: string, copy: string) => `interface ${type} {
  toReversed(): ${copy};
  toSorted(compare?: (a: ${element}, b: ${element}) => number): ${copy};
  with(index: number, value: ${element}): ${copy};
}
`;

const splice = (type: string) => `interface ${type}<T> {
  toSpliced(start: number, deleteCount?: number): T[];
  toSpliced(start: number, deleteCount: number, ...items: T[]): T[];
}
`;

const NUMBER_ARRAYS = [
  "Int8",
  "Uint8",
  "Uint8Clamped",
  "Int16",
  "Uint16",
  "Int32",
  "Uint32",
  "Float32",
  "Float64",
];
const BIGINT_ARRAYS = ["BigInt64", "BigUint64"];

const iteratorMethods = (type: string) => `interface ${type} {
  map<U>(change: (value: T, index: number) => U): IterableIterator<U>;
  filter<S extends T>(isWanted: (value: T, index: number) => value is S): IterableIterator<S>;
  filter(isWanted: (value: T, index: number) => unknown): IterableIterator<T>;
  take(limit: number): IterableIterator<T>;
  drop(count: number): IterableIterator<T>;
  flatMap<U>(change: (value: T, index: number) => Iterable<U>): IterableIterator<U>;
  reduce(combine: (total: T, value: T, index: number) => T): T;
  reduce<U>(combine: (total: U, value: T, index: number) => U, initial: U): U;
  toArray(): T[];
  forEach(visit: (value: T, index: number) => void): void;
  some(isWanted: (value: T, index: number) => unknown): boolean;
  every(isWanted: (value: T, index: number) => unknown): boolean;
  find(isWanted: (value: T, index: number) => unknown): T | undefined;
}
`;

const setMethods = (type: string) => `interface ${type}<T> {
  union<U>(other: ReadonlySet<U>): Set<T | U>;
  intersection<U>(other: ReadonlySet<U>): Set<T & U>;
  difference<U>(other: ReadonlySet<U>): Set<T>;
  symmetricDifference<U>(other: ReadonlySet<U>): Set<T | U>;
  isSubsetOf(other: ReadonlySet<unknown>): boolean;
  isSupersetOf(other: ReadonlySet<unknown>): boolean;
  isDisjointFrom(other: ReadonlySet<unknown>): boolean;
}
`;

const features: Feature[] = [
  {
    isThere: "toSorted" in Array.prototype,
    types: [
      ...["Array<T>", "ReadonlyArray<T>"].map((type) => copyMethods(type, "T", "T[]")),
      ...["Array", "ReadonlyArray"].map(splice),
      ...NUMBER_ARRAYS.map((name) => copyMethods(`${name}Array`, "number", `${name}Array`)),
      ...BIGINT_ARRAYS.map((name) => copyMethods(`${name}Array`, "bigint", `${name}Array`)),
    ].join(""),
  },
  {
    isThere: "isWellFormed" in String.prototype,
    types: "interface String { isWellFormed(): boolean; toWellFormed(): string; }\n",
  },
  {
    isThere: "groupBy" in Object,
    types: `interface ObjectConstructor {
  groupBy<K extends PropertyKey, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Partial<Record<K, T[]>>;
}
interface MapConstructor { groupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]>; }
`,
  },
  {
    isThere: "withResolvers" in Promise,
    types: `interface PromiseConstructor {
  withResolvers<T>(): { promise: Promise<T>; resolve: (value: T | PromiseLike<T>) => void; reject: (reason?: any) => void };
}
`,
  },
  {
    isThere: "fromAsync" in Array,
    types: `interface ArrayConstructor {
  fromAsync<T>(items: AsyncIterable<T> | Iterable<T | PromiseLike<T>> | ArrayLike<T | PromiseLike<T>>): Promise<T[]>;
  fromAsync<T, U>(items: AsyncIterable<T> | Iterable<T> | ArrayLike<T>, change: (value: Awaited<T>, index: number) => U): Promise<Awaited<U>[]>;
}
`,
  },
  {
    isThere: "transfer" in ArrayBuffer.prototype,
    types: "interface ArrayBuffer { readonly detached: boolean; transfer(length?: number): ArrayBuffer; }\n",
  },
  { isThere: "union" in Set.prototype, types: setMethods("Set") + setMethods("ReadonlySet") },
  {
    isThere: "Iterator" in globalThis,
    types: `${iteratorMethods("IterableIterator<T>")}${iteratorMethods("Generator<T, TReturn, TNext>")}
declare var Iterator: { from<T>(items: Iterable<T> | Iterator<T>): IterableIterator<T> };
`,
  },
  {
    isThere: "try" in Promise,
    types: `interface PromiseConstructor {
  try<T, A extends unknown[]>(work: (...args: A) => T | PromiseLike<T>, ...args: A): Promise<Awaited<T>>;
}
`,
  },
  { isThere: "escape" in RegExp, types: "interface RegExpConstructor { escape(text: string): string; }\n" },
  {
    isThere: "isError" in Error,
    types: "interface ErrorConstructor { isError(value: unknown): value is Error; }\n",
  },
];

/**
 * The functions that the kernel itself adds to the global scope, as in browsers and Deno; `../cells/input` implements
 * them.
 */
const INPUT = `declare function prompt(message?: string, preset?: string): string;
declare function confirm(message?: string): boolean;
`;

/** Types that cells can use but that the libraries of tslab's compiler, of 2023, lack. */
export const cellGlobals = [
  INPUT,
  ...features.filter(({ isThere }) => isThere).map(({ types }) => types),
].join("");
