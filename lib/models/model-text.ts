/** The symbol of the method by which `console.log` and a notebook's cell print an object. */
export const inspect = Symbol.for("nodejs.util.inspect.custom");

/** Objects with shapes, such as tensors, by name. */
type Shapes = Readonly<Record<string, { readonly shape: readonly number[] }>>;

/**
 * Describes a model by the name, shape and size of each of its parameters.
 *
 * @param name The name of the model's class.
 * @param parameters The trainable parameters.
 * @param others Fixed or derived tensors, such as masks, by heading. Default: {}.
 * @returns Lines of text, of which the first gives the number of trainable parameters.
 */
export function modelText(name: string, parameters: Shapes, others: Record<string, Shapes> = {}): string {
  const total = Object.values(parameters).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return [
    `${name} with ${grouped(total)} trainable parameters`,
    ...linesOf(parameters),
    ...Object.entries(others).flatMap(([heading, shapes]) => [heading, ...linesOf(shapes)]),
  ].join("\n");
}

/** A line for each shape, in three columns: name, shape, size. */
function linesOf(shapes: Shapes): string[] {
  const rows = Object.entries(shapes).map(([name, { shape }]) => [
    name,
    `[${shape.join(", ")}]`,
    grouped(sizeOf(shape)),
  ]);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]!.length));
  const [names, brackets, sizes] = [width(0), width(1), width(2)];
  return rows.map(
    ([name, shape, size]) => `  ${name!.padEnd(names)}  ${shape!.padEnd(brackets)}  ${size!.padStart(sizes)}`,
  );
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
const grouped = (count: number) => count.toLocaleString("en-US");
