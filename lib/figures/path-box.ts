import { type Box, unionOf } from "./affine";

/** The number of arguments of each path command. */
const ARITY: Record<string, number> = { M: 2, L: 2, T: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, A: 7, Z: 0 };

interface Point {
  x: number;
  y: number;
}

/**
 * The bounding box of the `d` attribute of an SVG path; undefined if it is empty.
 *
 * The box is exact for straight lines. Departures: a Bézier curve counts by its control points and an arc by its end
 * points only, which is exact for the arcs of Plotly's circles.
 */
export function pathBox(d: string): Box | undefined {
  const points: Point[] = [];
  let at: Point = { x: 0, y: 0 };
  for (const [, command, list] of d.matchAll(/([a-df-z])([^a-df-z]*)/gi)) {
    for (const step of steps(command!.toUpperCase(), list!)) {
      const visited = pointsOf(command!, step, at);
      points.push(...visited);
      at = visited.at(-1) ?? at;
    }
  }
  return unionOf(points.map(({ x, y }) => ({ left: x, top: y, right: x, bottom: y })));
}

function steps(command: string, list: string): number[][] {
  const numbers = (list.match(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) ?? []).map(Number);
  const arity = ARITY[command] ?? 0;
  if (arity === 0) return [];
  return Array.from({ length: Math.floor(numbers.length / arity) }, (_, i) =>
    numbers.slice(i * arity, (i + 1) * arity),
  );
}

function pointsOf(command: string, step: number[], at: Point): Point[] {
  const absolute = command === command.toUpperCase();
  const origin = absolute ? { x: 0, y: 0 } : at;
  const kind = command.toUpperCase();
  if (kind === "H") return [{ x: origin.x + step[0]!, y: at.y }];
  if (kind === "V") return [{ x: at.x, y: origin.y + step[0]! }];
  const pairs = kind === "A" ? step.slice(5) : step;
  return Array.from({ length: pairs.length / 2 }, (_, i) => ({
    x: origin.x + pairs[2 * i]!,
    y: origin.y + pairs[2 * i + 1]!,
  }));
}
