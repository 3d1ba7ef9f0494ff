import { type Box, unionOf } from "./affine";
import { type Figure, type FigureOptions, figure, type PlotlyObject } from "./figure";
import { LANE, type Point, routeOf, type SchematicArrow, TURN } from "./schematic-arrows";
import {
  boxRectangles,
  DETAIL,
  type Gaps,
  GROUP_PAD,
  groupRectangle,
  heightOf,
  LABEL,
  NOTE,
  overlap,
  type PlacedBox,
  placeBoxes,
  rectangleOf,
  requireText,
  type SchematicBox,
  type SchematicGroup,
  widthOf,
} from "./schematic-boxes";
import { plainText } from "./summary";
import { REFERENCE_COLOR, titleRoom, WIDTH } from "./theme";

/** Options of `schematic`. */
export interface SchematicOptions extends FigureOptions {
  title: string;
  /** The boxes, from left to right unless they say their places. */
  boxes: SchematicBox[];
  /** Default: none. */
  arrows?: SchematicArrow[];
  /** Frames around boxes, which do not overlap. Default: none. */
  groups?: SchematicGroup[];
  /** The width of the figure in CSS pixels. Default: 720. */
  width?: number;
}

/** An arrow with its line. */
interface Route {
  arrow: SchematicArrow;
  points: Point[];
  /** Its number among arrows between the same boxes or around the same row, and how many there are. */
  lane: { index: number; count: number };
}

/** A group with its frame. */
interface Frame {
  group: SchematicGroup;
  box: Box;
}

/** The label of an arrow with the rectangle that it covers. */
interface Note {
  arrow: SchematicArrow;
  text: string;
  box: Box;
  /** Whether the text lies on a line, which is then hidden behind it. */
  isOnLine: boolean;
}

/** The margin around the drawing in CSS pixels. */
const MARGIN = 12;
/** The room for half a line around the drawing in CSS pixels. */
const EDGE = 4;
/** The gaps between boxes, without and with groups, in CSS pixels. */
const GAPS = { plain: { columns: 44, rows: 44 }, grouped: { columns: 60, rows: 76 } };
/** The room that an arrow's label needs beside its text, and the distance of the text from the line, in CSS pixels. */
const [LABEL_ROOM, LABEL_PAD] = [32, 4];
/** The length and half the width of an arrow's head, and the radius of the corners of boxes, in CSS pixels. */
const [HEAD, HALF_HEAD, RADIUS] = [9, 4, 6];
const FAINT = { fill: "#F4F6F8", line: "#B8BEC4", text: "#555555" };

/**
 * Draws labelled boxes, placed on a grid, with arrows between them, such as the layers of a network. Its size follows
 * from the texts: boxes grow with their labels, and columns are far enough apart for the labels of arrows.
 *
 * @returns The figure.
 * @throws Error if there are no boxes, a text is empty, two boxes have one name or one place or overlap, an arrow or a
 *   group names an unknown box, an arrow leads from a box to itself or has no way past other boxes, a group's frame
 *   meets a box or a group outside of it, or the drawing is wider than the figure.
 *
 * @example
 * schematic({
 *   title: "A network with one hidden layer",
 *   boxes: [{ name: "x", detail: "784" }, { name: "h", detail: "200" }, { name: "y", detail: "10" }],
 *   arrows: [{ from: "x", to: "h", label: "W<sub>1</sub>" }, { from: "h", to: "y", label: "W<sub>2</sub>" }],
 * });
 */
export function schematic(options: SchematicOptions): Figure {
  const { title, arrows = [], groups = [], width = WIDTH } = options;
  const boxes = placeBoxes(options.boxes);
  const rectangles = boxRectangles(boxes, gapsOf(boxes, arrows, groups));
  const routes = routesOf(arrows, rectangles);
  const notes = routes.flatMap(noteOf);
  const frames = framesOf(groups, rectangles, notes);
  const drawn = unionOf([
    ...rectangles.values(),
    ...frames.map(({ box }) => box),
    ...notes.map(({ box }) => box),
    ...routes.flatMap(({ points }) => points.map(({ x, y }) => ({ left: x, right: x, top: y, bottom: y }))),
  ])!;
  const size = {
    x: Math.ceil(drawn.right - drawn.left) + 2 * EDGE,
    y: Math.ceil(drawn.bottom - drawn.top) + 2 * EDGE,
  };
  if (size.x + 2 * MARGIN > width) {
    throw new Error(
      `schematic: the boxes and arrows need ${size.x + 2 * MARGIN} pixels, but the figure has ${width}; expected shorter labels or lines, fewer columns or a greater width`,
    );
  }
  const left = drawn.left - EDGE - (width - 2 * MARGIN - size.x) / 2;
  const top = titleRoom(title).margin;
  const axis = { visible: false, fixedrange: true };
  const layout = {
    width,
    height: top + size.y + MARGIN,
    title: { text: title },
    margin: { t: top, r: MARGIN, b: MARGIN, l: MARGIN },
    hovermode: false,
    xaxis: { ...axis, range: [left, left + width - 2 * MARGIN] },
    yaxis: { ...axis, range: [drawn.top - EDGE + size.y, drawn.top - EDGE] },
    shapes: [
      ...frames.map(({ box }) => rectangle(box, FAINT.line, FAINT.fill)),
      ...routes.flatMap(arrowShapes),
      ...boxes.map(({ name, color }) => boxShape(rectangles.get(name)!, color)),
    ],
    annotations: [
      ...frames.map(({ group, box }) => groupLabel(group.label, box)),
      ...notes.map(noteLabel),
      ...boxes.map((box) => boxLabel(box, rectangles.get(box.name)!)),
    ],
  };
  return figure([], layout, { alt: options.alt ?? descriptionOf(title, boxes, arrows) });
}

/** The gaps, with room for the labels of arrows between neighbouring columns and for arrows around rows. */
function gapsOf(boxes: PlacedBox[], arrows: SchematicArrow[], groups: SchematicGroup[]): Gaps {
  const least = groups.length > 0 ? GAPS.grouped : GAPS.plain;
  const boxOf = (name: string) => boxes.find((box) => box.name === name);
  const columns = Array.from(
    { length: Math.ceil(Math.max(...boxes.map(({ column }) => column))) },
    () => least.columns,
  );
  const around: Record<string, number> = {};
  for (const { from, to, label, path } of arrows) {
    const [start, end] = [boxOf(from), boxOf(to)];
    if (!start || !end) continue;
    const isElbow = path === "elbow";
    if (isElbow && start.row === end.row) around[start.row] = (around[start.row] ?? 0) + 1;
    const isNext = Math.ceil(Math.abs(start.column - end.column)) === 1;
    if (isElbow || label === undefined || !isNext) continue;
    const column = Math.floor(Math.min(start.column, end.column));
    columns[column] = Math.max(columns[column]!, Math.ceil(widthOf(label, NOTE)) + LABEL_ROOM);
  }
  const lanes = Math.max(0, ...Object.values(around));
  return { columns, rows: Math.max(least.rows, lanes > 0 ? 2 * TURN + LANE * lanes : 0) };
}

/** The frames of groups, each with room for the labels of its inner arrows. */
function framesOf(groups: SchematicGroup[], rectangles: Map<string, Box>, notes: Note[]): Frame[] {
  const frames: Frame[] = [];
  for (const group of groups) {
    const inner = notes.filter(({ arrow }) =>
      [arrow.from, arrow.to].every((name) => group.boxes.includes(name)),
    );
    const box = groupRectangle(
      group,
      rectangles,
      inner.map((note) => note.box),
    );
    const other = frames.find((before) => overlap(before.box, box));
    if (other) throw new Error(`schematic: groups "${other.group.label}" and "${group.label}" overlap`);
    frames.push({ group, box });
  }
  return frames;
}

/** The lines of all arrows; arrows between the same two boxes, or around the same row, lie beside each other. */
function routesOf(arrows: SchematicArrow[], rectangles: Map<string, Box>): Route[] {
  const laneOf = ({ from, to, path }: SchematicArrow) => {
    const [start, end] = [rectangles.get(from), rectangles.get(to)];
    const isAround = path === "elbow" && start?.top === end?.top;
    return isAround ? `row ${start?.top}` : `${path} ${[from, to].sort().join("\n")}`;
  };
  return arrows.map((arrow, i) => {
    const { from, to, label } = arrow;
    const user = `the arrow from "${from}" to "${to}"`;
    const [start, end] = [from, to].map((name) => rectangleOf(name, rectangles, user)) as [Box, Box];
    if (from === to) throw new Error(`schematic: ${user} leads to its own box, expected another one`);
    if (label !== undefined) requireText(`the label of ${user}`, label);
    const isSame = (other: SchematicArrow) => laneOf(other) === laneOf(arrow);
    const lane = { index: arrows.slice(0, i).filter(isSame).length, count: arrows.filter(isSame).length };
    const others = new Map([...rectangles].filter(([name]) => name !== from && name !== to));
    return { arrow, points: routeOf(arrow, start, end, others, lane), lane };
  });
}

/** The label of an arrow, at the middle of the longest part of its line. */
function noteOf({ arrow, points, lane }: Route): Note[] {
  const { label } = arrow;
  if (label === undefined) return [];
  const parts = points.slice(1).map((end, i) => ({ start: points[i]!, end }));
  const length = ({ start, end }: (typeof parts)[number]) => Math.hypot(end.x - start.x, end.y - start.y);
  const { start, end } = parts.reduce((best, part) => (length(part) > length(best) ? part : best));
  const center = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  const size = { x: widthOf(label, NOTE), y: heightOf(label, NOTE) };
  const isBelow =
    points.length === 2 ? lane.index > 0 : center.y > points[0]!.y && center.y > points.at(-1)!.y;
  if (start.y === end.y) {
    center.y += (isBelow ? 1 : -1) * (size.y / 2 + LABEL_PAD);
  } else if (start.x === end.x) {
    const isLeft = points.length === 2 && lane.index === 0 && lane.count > 1;
    center.x += (isLeft ? -1 : 1) * (size.x / 2 + 2 * LABEL_PAD);
  }
  const box = {
    left: center.x - size.x / 2,
    right: center.x + size.x / 2,
    top: center.y - size.y / 2,
    bottom: center.y + size.y / 2,
  };
  return [{ arrow, text: label, box, isOnLine: start.x !== end.x && start.y !== end.y }];
}

/** The line of an arrow up to its head, and the head. */
function arrowShapes({ arrow: { dash = "solid" }, points }: Route): PlotlyObject[] {
  const [before, tip] = points.slice(-2) as [Point, Point];
  const length = Math.hypot(tip.x - before.x, tip.y - before.y);
  const [x, y] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  const base = { x: tip.x - HEAD * x, y: tip.y - HEAD * y };
  const wing = (sign: number) => ({ x: base.x - sign * HALF_HEAD * y, y: base.y + sign * HALF_HEAD * x });
  const line = { color: REFERENCE_COLOR, width: 1.5 };
  return [
    { type: "path", path: pathOf([...points.slice(0, -1), base]), line: { ...line, dash } },
    {
      type: "path",
      path: `${pathOf([tip, wing(1), wing(-1)])}Z`,
      line: { ...line, width: 0 },
      fillcolor: REFERENCE_COLOR,
    },
  ];
}

const pathOf = (points: Point[]) => points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x},${y}`).join("");

/** A rectangle with round corners. */
function rectangle({ left, right, top, bottom }: Box, color: string, fillcolor: string): PlotlyObject {
  const path = [
    `M${left + RADIUS},${top}L${right - RADIUS},${top}Q${right},${top} ${right},${top + RADIUS}`,
    `L${right},${bottom - RADIUS}Q${right},${bottom} ${right - RADIUS},${bottom}`,
    `L${left + RADIUS},${bottom}Q${left},${bottom} ${left},${bottom - RADIUS}`,
    `L${left},${top + RADIUS}Q${left},${top} ${left + RADIUS},${top}Z`,
  ].join("");
  return { type: "path", path, line: { color, width: 1.2 }, fillcolor };
}

function boxShape(box: Box, color = REFERENCE_COLOR): PlotlyObject {
  return rectangle(box, color, color === REFERENCE_COLOR ? "#FFFFFF" : paler(color));
}

/** A colour mixed with nine parts of white; opaque, so that nothing is seen through a box. */
function paler(color: string): string {
  const parts = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
  return `#${parts
    .map((part) =>
      Math.round(255 - 0.1 * (255 - part))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

function boxLabel({ label, detail }: PlacedBox, { left, right, top, bottom }: Box): PlotlyObject {
  const second = detail === undefined ? "" : `<br><span style="font-size:${DETAIL}px">${detail}</span>`;
  return { ...text(`${label}${second}`, LABEL), x: (left + right) / 2, y: (top + bottom) / 2 };
}

function groupLabel(label: string, { left, top }: Box): PlotlyObject {
  const place = { x: left + GROUP_PAD / 2, y: top + 2, xanchor: "left", yanchor: "top", align: "left" };
  const look = { font: { size: NOTE, color: FAINT.text }, bgcolor: FAINT.fill };
  return { ...text(label, NOTE), ...look, ...place };
}

function noteLabel({ text: label, box, isOnLine }: Note): PlotlyObject {
  const place = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  return { ...text(label, NOTE), ...place, ...(isOnLine && { bgcolor: "#FFFFFF" }) };
}

const text = (content: string, size: number): PlotlyObject => ({
  text: content,
  font: { size },
  showarrow: false,
  borderpad: 0,
  xanchor: "center",
  yanchor: "middle",
});

/** The default alternative text: the title, the boxes with their details, and the arrows with their labels. */
function descriptionOf(title: string, boxes: PlacedBox[], arrows: SchematicArrow[]): string {
  const noted = (label: string, note: string | undefined) =>
    plainText(note === undefined ? label : `${label} (${note})`);
  const labelOf = (name: string) => boxes.find((box) => box.name === name)!.label;
  const lines = [
    `  boxes: ${boxes.map(({ label, detail }) => noted(label, detail)).join(", ")}`,
    ...(arrows.length === 0
      ? []
      : [
          `  arrows: ${arrows.map(({ from, to, label }) => noted(`${labelOf(from)} → ${labelOf(to)}`, label)).join(", ")}`,
        ]),
  ];
  return [plainText(title), ...lines].join("\n");
}
