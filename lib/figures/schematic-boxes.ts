import { type Box, unionOf } from "./affine";
import { plainText } from "./summary";
import { textWidth } from "./text-measure";

/** A box of a `schematic`. */
export interface SchematicBox {
  /** The name by which arrows and groups refer to the box; every box has its own. */
  name: string;
  /** The text in the box, with Plotly's markup. Default: the name. */
  label?: string;
  /** A second, smaller text below the label, such as the shape "784 → 200". Default: none. */
  detail?: string;
  /** The row, ≥ 0 from the top; a fraction lies between two rows. Default: that of the box before, or 0. */
  row?: number;
  /**
   * The column, ≥ 0 from the left; a fraction lies between two columns. Default: right of the box before, or 0 at the
   * start of a row.
   */
  column?: number;
  /** The colour of the frame and, paler, of the box, in the form #RRGGBB. Default: grey on white. */
  color?: string;
}

/** Boxes of a `schematic` that are enclosed by a frame. */
export interface SchematicGroup {
  /** The text at the top left of the frame. */
  label: string;
  /** The names of the boxes, of which each is in at most one group. */
  boxes: string[];
}

/** A box with its place in the grid. */
export interface PlacedBox extends SchematicBox {
  label: string;
  row: number;
  column: number;
}

/** The least gaps in CSS pixels between columns and between rows of boxes. */
export interface Gaps {
  /** The gap right of each column. */
  columns: number[];
  rows: number;
}

/** The sizes of the label, the detail and the label of a group or an arrow, in CSS pixels. */
export const [LABEL, DETAIL, NOTE] = [13, 11, 12];
/** The height of a line of text in its size. */
const LEADING = 1.3;
/** The distances of the text from the sides of its box, in CSS pixels. */
const [PAD_X, PAD_Y] = [12, 8];
const LEAST_WIDTH = 56;
/** The distance of a group's frame from its boxes, in CSS pixels. */
export const GROUP_PAD = 12;

/** The lines of a text with Plotly's markup. */
export const linesOf = (text: string) => text.split(/<br\s*\/?>/i);

/** The width of the longest line of a text in CSS pixels. */
export function widthOf(text: string, size: number): number {
  return Math.max(
    ...linesOf(text).map((line) => textWidth(plainText(line), { size, bold: false, italic: false })),
  );
}

/** The height of a text in CSS pixels. */
export const heightOf = (text: string, size: number) => linesOf(text).length * size * LEADING;

/** @throws Error for a text that is empty but for white space and markup. */
export function requireText(name: string, text: unknown): void {
  if (typeof text === "string" && plainText(text).trim() !== "") return;
  throw new Error(`schematic: ${name} is ${JSON.stringify(text)}, expected a text that is not empty`);
}

/**
 * Gives each box its row and column.
 *
 * @throws Error if there are no boxes, a name, label or detail is empty, two boxes have one name or one place, a row or
 *   column is negative or not finite, or a colour is not #RRGGBB.
 */
export function placeBoxes(boxes: SchematicBox[]): PlacedBox[] {
  if (boxes.length === 0) throw new Error("schematic expects at least one box, got none");
  const placed: PlacedBox[] = [];
  for (const box of boxes) {
    checkBox(box);
    const before = placed.at(-1);
    const row = box.row ?? before?.row ?? 0;
    const column = box.column ?? (before?.row === row ? before.column + 1 : 0);
    const same = placed.find((other) => other.name === box.name);
    if (same) throw new Error(`schematic: two boxes have the name "${box.name}", expected one`);
    const there = placed.find((other) => other.row === row && other.column === column);
    if (there) {
      throw new Error(
        `schematic: boxes "${there.name}" and "${box.name}" are both in row ${row}, column ${column}`,
      );
    }
    placed.push({ ...box, label: box.label ?? box.name, row, column });
  }
  return placed;
}

function checkBox({ name, label, detail, row = 0, column = 0, color }: SchematicBox): void {
  requireText("the name of a box", name);
  if (label !== undefined) requireText(`the label of box "${name}"`, label);
  if (detail !== undefined) requireText(`the detail of box "${name}"`, detail);
  for (const [property, value] of Object.entries({ row, column })) {
    if (!(Number.isFinite(value) && value >= 0)) {
      throw new Error(`schematic: the ${property} of box "${name}" is ${value}, expected a number ≥ 0`);
    }
  }
  if (color !== undefined && !/^#[\da-f]{6}$/i.test(color)) {
    throw new Error(`schematic: the colour of box "${name}" is "${color}", expected the form #RRGGBB`);
  }
}

/**
 * The rectangle of each box in CSS pixels, by name. The boxes of a column have one width and all boxes one height.
 *
 * @throws Error if two boxes overlap, as in neighbouring fractions of a row.
 */
export function boxRectangles(boxes: PlacedBox[], gaps: Gaps): Map<string, Box> {
  const height = Math.max(...boxes.map(boxHeight));
  const columns = Math.ceil(Math.max(...boxes.map(({ column }) => column))) + 1;
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(0, ...boxes.filter(({ column }) => column === i).map(boxWidth)),
  );
  const centers: number[] = [];
  widths.forEach((width, i) => {
    const before = i === 0 ? 0 : centers[i - 1]! + widths[i - 1]! / 2 + gaps.columns[i - 1]!;
    centers.push(before + width / 2);
  });
  const rectangles = new Map<string, Box>();
  for (const box of boxes) {
    const width = widths[box.column] ?? boxWidth(box);
    const [left, right] = [Math.floor(box.column), Math.ceil(box.column)];
    const x = centers[left]! + (centers[right]! - centers[left]!) * (box.column - left);
    const y = box.row * (height + gaps.rows);
    const rectangle = {
      left: x - width / 2,
      right: x + width / 2,
      top: y - height / 2,
      bottom: y + height / 2,
    };
    for (const [name, other] of rectangles) {
      if (overlap(rectangle, other)) {
        throw new Error(`schematic: boxes "${name}" and "${box.name}" overlap, expected a greater distance`);
      }
    }
    rectangles.set(box.name, rectangle);
  }
  return rectangles;
}

function boxWidth({ label, detail }: PlacedBox): number {
  const text = Math.max(widthOf(label, LABEL), detail === undefined ? 0 : widthOf(detail, DETAIL));
  return Math.max(LEAST_WIDTH, Math.ceil(text) + 2 * PAD_X);
}

function boxHeight({ label, detail }: PlacedBox): number {
  const text = heightOf(label, LABEL) + (detail === undefined ? 0 : heightOf(detail, DETAIL));
  return Math.ceil(text) + 2 * PAD_Y;
}

/**
 * The frame of a group.
 *
 * @param notes The rectangles of the labels of arrows within the group.
 * @throws Error if the label is empty, the group has no boxes, a box is unknown, or the frame would enclose others.
 */
export function groupRectangle(
  { label, boxes }: SchematicGroup,
  rectangles: Map<string, Box>,
  notes: Box[],
): Box {
  requireText("the label of a group", label);
  if (boxes.length === 0) throw new Error(`schematic: group "${label}" has no boxes, expected at least one`);
  const inner = unionOf([
    ...boxes.map((name) => rectangleOf(name, rectangles, `group "${label}"`)),
    ...notes,
  ])!;
  const frame = {
    left: inner.left - GROUP_PAD,
    right: Math.max(inner.right + GROUP_PAD, inner.left + widthOf(label, NOTE) + GROUP_PAD),
    top: inner.top - GROUP_PAD - heightOf(label, NOTE),
    bottom: inner.bottom + GROUP_PAD,
  };
  for (const [name, rectangle] of rectangles) {
    if (!boxes.includes(name) && overlap(frame, rectangle)) {
      throw new Error(
        `schematic: the frame of group "${label}" meets box "${name}", which is not in the group`,
      );
    }
  }
  return frame;
}

/** @throws Error that lists the boxes if none has the name. */
export function rectangleOf(name: string, rectangles: Map<string, Box>, user: string): Box {
  const rectangle = rectangles.get(name);
  if (rectangle) return rectangle;
  const known = [...rectangles.keys()].map((one) => `"${one}"`).join(", ");
  throw new Error(`schematic: ${user} names box "${name}", expected one of ${known}`);
}

/** Whether two rectangles have an area in common. */
export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
