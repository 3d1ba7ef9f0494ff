import type { Box } from "./affine";
import type { Dash } from "./line-series";

/** A side of a box. */
export type BoxSide = "left" | "right" | "top" | "bottom";

/** An arrow of a `schematic`. */
export interface SchematicArrow {
  /** The name of the box where the arrow starts. */
  from: string;
  /** The name of another box, where the arrow ends. */
  to: string;
  /** The text beside the arrow, with Plotly's markup. Default: none. */
  label?: string;
  /**
   * "straight" draws one line, "elbow" horizontal and vertical ones that lead around other boxes; between boxes of one
   * row, for instance, below the row. Default: "straight".
   */
  path?: "straight" | "elbow";
  /** The side of the first box where the arrow starts. Default: found. */
  leaves?: BoxSide;
  /** The side of the second box where the arrow ends. Default: found. */
  enters?: BoxSide;
  /** The dash pattern. Default: "solid". */
  dash?: Dash;
}

export interface Point {
  x: number;
  y: number;
}

/** How an arrow leaves and enters its boxes. */
interface Sides {
  leaves: BoxSide;
  enters: BoxSide;
}

/** The distance from a box at which an elbow turns in CSS pixels. */
export const TURN = 18;
/** The distances in CSS pixels of straight arrows between the same boxes, and of elbows around the same row. */
const APART = 14;
export const LANE = 26;
/** The least distance in CSS pixels of boxes beside each other between which a straight arrow joins left and right sides. */
const BESIDE = 24;

const OUTWARD: Record<BoxSide, Point> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  top: { x: 0, y: -1 },
  bottom: { x: 0, y: 1 },
};
const OPPOSITE: Record<BoxSide, BoxSide> = { left: "right", right: "left", top: "bottom", bottom: "top" };

/**
 * The corners of an arrow's line, from its start to its tip.
 *
 * @param from The rectangle where it starts.
 * @param to The rectangle where it ends.
 * @param others The rectangles of all other boxes, by name.
 * @param lane The number of this arrow among those that would coincide with it, 0, 1, …, and of all of them.
 * @throws Error if no line from box to box avoids the others.
 */
export function routeOf(
  arrow: SchematicArrow,
  from: Box,
  to: Box,
  others: Map<string, Box>,
  lane: { index: number; count: number },
): Point[] {
  const isElbow = arrow.path === "elbow";
  const choices = (isElbow ? elbowSides(from, to) : [straightSides(from, to)]).map((sides) => ({
    leaves: arrow.leaves ?? sides.leaves,
    enters: arrow.enters ?? sides.enters,
  }));
  const found = choices.map((sides) =>
    isElbow ? elbows(from, to, sides, lane.index) : [straight(from, to, sides, lane)],
  );
  const routes = [...found.flatMap(([first]) => [first!]), ...found.flatMap(([, ...detours]) => detours)];
  const free = routes.find((route) => crossed(route, others) === undefined);
  if (free) return free;
  const advice = isElbow ? "leaves and enters at other sides" : `path: "elbow"`;
  throw new Error(
    `schematic: the arrow from "${arrow.from}" to "${arrow.to}" crosses box "${crossed(routes[0]!, others)}", expected ${advice} or another order of boxes`,
  );
}

/** A straight arrow leaves and enters at facing sides: left and right ones, unless the boxes lie above each other. */
function straightSides(from: Box, to: Box): Sides {
  const isBeside = Math.max(to.left - from.right, from.left - to.right) >= BESIDE;
  const leaves = isBeside ? facing(from, to).x : facing(from, to).y;
  return { leaves, enters: OPPOSITE[leaves] };
}

/** The sides of elbows between two boxes, the simplest first. */
function elbowSides(from: Box, to: Box): Sides[] {
  const { x, y } = facing(from, to);
  const around = (side: BoxSide) => ({ leaves: side, enters: side });
  if (middle(from).y === middle(to).y) return [around("bottom"), around("top")];
  if (middle(from).x === middle(to).x) return [around("right"), around("left")];
  return [
    { leaves: x, enters: OPPOSITE[y] },
    { leaves: y, enters: OPPOSITE[x] },
    { leaves: x, enters: OPPOSITE[x] },
    { leaves: y, enters: OPPOSITE[y] },
  ];
}

/** The sides of a box that face another one. */
function facing(from: Box, to: Box): { x: "left" | "right"; y: "top" | "bottom" } {
  return {
    x: middle(to).x >= middle(from).x ? "right" : "left",
    y: middle(to).y >= middle(from).y ? "bottom" : "top",
  };
}

function straight(
  from: Box,
  to: Box,
  { leaves, enters }: Sides,
  lane: { index: number; count: number },
): Point[] {
  const shift = (lane.index - (lane.count - 1) / 2) * APART;
  const shifted = (box: Box, side: BoxSide) => {
    const { x, y } = port(box, side);
    return OUTWARD[side].x === 0 ? { x: x + shift, y } : { x, y: y + shift };
  };
  return [shifted(from, leaves), shifted(to, enters)];
}

/**
 * The elbows that leave and enter at given sides, the simplest first. They turn farther away from their boxes the more
 * arrows of their kind there are before.
 */
function elbows(from: Box, to: Box, { leaves, enters }: Sides, index: number): Point[][] {
  const isAround = leaves === enters;
  const distance = TURN + index * LANE;
  const start = isAround ? portTowards(from, to, leaves) : port(from, leaves);
  const end = isAround ? portTowards(to, from, enters) : port(to, enters);
  const out = moved(start, leaves, distance);
  const before = moved(end, enters, distance);
  const isAcross = OUTWARD[leaves].x !== 0;
  /** The corner of a line along the direction of leaving and one across it. */
  const corner = (along: Point, across: Point) =>
    isAcross ? { x: along.x, y: across.y } : { x: across.x, y: along.y };
  if (isAcross !== (OUTWARD[enters].x !== 0)) {
    const single = corner(end, start);
    const detour = [start, out, corner(out, before), before, end];
    const isAhead =
      reach(single, leaves) > reach(start, leaves) && reach(single, enters) > reach(end, enters);
    return isAhead ? [[start, single, end], detour] : [detour];
  }
  const turnAt = (point: Point) => [start, corner(point, start), corner(point, end), end];
  if (isAround) return [turnAt(reach(out, leaves) > reach(before, leaves) ? out : before)];
  if (reach(before, leaves) >= reach(out, leaves)) return [turnAt(before), turnAt(out)];
  const side = isAcross ? "bottom" : "right";
  const beyond = Math.max(from[side], to[side]) + distance;
  const lane = { x: beyond, y: beyond };
  return [[start, out, corner(out, lane), corner(before, lane), before, end]];
}

/** How far a point lies in the direction of a side. */
const reach = ({ x, y }: Point, side: BoxSide) => x * OUTWARD[side].x + y * OUTWARD[side].y;

const moved = ({ x, y }: Point, side: BoxSide, distance: number): Point => ({
  x: x + OUTWARD[side].x * distance,
  y: y + OUTWARD[side].y * distance,
});

function middle({ left, right, top, bottom }: Box): Point {
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

/** The middle of a side. */
function port(box: Box, side: BoxSide): Point {
  const { x, y } = middle(box);
  if (side === "left" || side === "right") return { x: box[side], y };
  return { x, y: box[side] };
}

/** A point of a side off its middle, towards another box, so that an arrow that comes and one that goes are apart. */
function portTowards(box: Box, other: Box, side: BoxSide): Point {
  const { x, y } = port(box, side);
  const [here, there] = [middle(box), middle(other)];
  return OUTWARD[side].x === 0
    ? { x: x + (Math.sign(there.x - here.x) * (box.right - box.left)) / 4, y }
    : { x, y: y + (Math.sign(there.y - here.y) * (box.bottom - box.top)) / 4 };
}

/** The name of a box that a line crosses or touches; undefined if there is none. */
function crossed(route: Point[], boxes: Map<string, Box>): string | undefined {
  for (const [name, box] of boxes) {
    if (route.some((point, i) => i > 0 && meets(route[i - 1]!, point, box))) return name;
  }
  return undefined;
}

/** Whether a segment meets a rectangle: Liang and Barsky's clipping. */
function meets(a: Point, b: Point, { left, right, top, bottom }: Box): boolean {
  let [first, last] = [0, 1];
  const sides = [
    [a.x - b.x, a.x - left],
    [b.x - a.x, right - a.x],
    [a.y - b.y, a.y - top],
    [b.y - a.y, bottom - a.y],
  ] as const;
  for (const [direction, distance] of sides) {
    if (direction === 0 && distance < 0) return false;
    if (direction < 0) first = Math.max(first, distance / direction);
    if (direction > 0) last = Math.min(last, distance / direction);
  }
  return first <= last;
}
