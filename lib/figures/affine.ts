/** The map (x, y) → (a·x + c·y + e, b·x + d·y + f), as in SVG's `matrix(a b c d e f)`. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** An axis-aligned rectangle in pixels, with y pointing down. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const IDENTITY: Affine = [1, 0, 0, 1, 0, 0];

/** Composes two maps: applies `inner` first, then `outer`. */
export function compose(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, e, f] = outer;
  const [A, B, C, D, E, F] = inner;
  return [a * A + c * B, b * A + d * B, a * C + c * D, b * C + d * D, a * E + c * F + e, b * E + d * F + f];
}

/** The bounding box of a transformed box. */
export function transformBox([a, b, c, d, e, f]: Affine, { left, top, right, bottom }: Box): Box {
  const corners = [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ];
  return unionOf(
    corners.map(([x, y]) => {
      const [X, Y] = [a * x! + c * y! + e, b * x! + d * y! + f];
      return { left: X, top: Y, right: X, bottom: Y };
    }),
  )!;
}

/** The bounding box of several boxes; undefined if there are none. */
export function unionOf(boxes: Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  return boxes.reduce((all, box) => ({
    left: Math.min(all.left, box.left),
    top: Math.min(all.top, box.top),
    right: Math.max(all.right, box.right),
    bottom: Math.max(all.bottom, box.bottom),
  }));
}

/**
 * Parses an SVG `transform` attribute of any number of the functions translate, scale, rotate and matrix.
 *
 * @throws Error for another function, such as skewX, which Plotly does not write.
 */
export function parseTransform(attribute: string | null): Affine {
  const functions = (attribute ?? "").matchAll(/(\w+)\s*\(([^)]*)\)/g);
  return [...functions].reduce<Affine>(
    (outer, [, name, list]) => compose(outer, primitive(name!, numbersIn(list!))),
    IDENTITY,
  );
}

function numbersIn(list: string): number[] {
  return list
    .split(/[\s,]+/)
    .filter((word) => word !== "")
    .map(Number);
}

function primitive(name: string, values: number[]): Affine {
  const [first = 0, second, third] = values;
  if (name === "translate") return [1, 0, 0, 1, first, second ?? 0];
  if (name === "scale") return [first, 0, 0, second ?? first, 0, 0];
  if (name === "rotate") return rotation((first * Math.PI) / 180, second ?? 0, third ?? 0);
  if (name === "matrix" && values.length === 6) return values as unknown as Affine;
  throw new Error(
    `expected translate, scale, rotate or matrix in an SVG transform, got ${name}(${values.join()})`,
  );
}

function rotation(angle: number, x: number, y: number): Affine {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
}
