import { jupyterDisplay, type MimeBundle } from "./host";
import { escapeHtml } from "./html";
import { ownValue } from "./own-value";
import { printable } from "./printable";

/** The content of a cell of a table; null and undefined are shown as a dash. */
export type TableCell = number | string | boolean | null | undefined;
/** A row of a table: cells by the names of their columns. */
export type TableRow = Record<string, TableCell>;
/** The columns of a table, by name, all of one length. */
export type Columns = Record<string, ArrayLike<TableCell>>;

/**
 * How the values of a column are written. A number n means at most n significant digits, as `toPrecision` without the
 * zeros at the end: with 3, 0.98765 is 0.988 and 0.5 is 0.5; integers keep all their digits. `{ decimals: n }` means n
 * digits after the point, as `toFixed`: with 2, 0.98765 is 0.99 and 7 is 7.00. A function gives the text itself, also of
 * values that are not numbers.
 */
export type CellFormat = number | { decimals: number } | ((value: TableCell) => string);

/** Options of `table`. */
export interface TableOptions {
  /** Text above the table. */
  caption?: string;
  /** The format of each column, by name. Default: 6, at most six significant digits. */
  formats?: Record<string, CellFormat>;
}

/** A number as written in a cell, or the dash of a missing one. */
const NUMBER = /^(?:[−–\-+]?(?:\d[\d.,eE+−-]*)?%?|NaN|-?Infinity)$/;

/** The part of a danfojs DataFrame that a table needs. */
export interface DataFrameLike {
  columns: string[];
  /** The names or the numbers of the rows. */
  index: (string | number)[];
  values: unknown[];
  head(rows?: number): unknown;
}

/**
 * A table that displays itself as HTML and as aligned text. Columns of numbers are aligned right; a line end in a cell
 * is a space. NaN and infinities are written as such, a missing value as a dash.
 *
 * Its own formatting is used, since danfojs prints at a fixed width; `dataFrame()` gives the table to danfojs, whose
 * import takes a second, for statistics, grouping or files.
 */
export class Table {
  private readonly caption: string;
  /** The names of the columns as they are written. */
  private readonly header: string[];
  private readonly cells: string[][];
  private readonly isNumeric: boolean[];

  constructor(
    readonly columns: string[],
    private readonly values: TableCell[][],
    { caption = "", formats = {} }: TableOptions = {},
  ) {
    this.caption = printable(caption);
    this.header = columns.map(oneLine);
    const unknown = Object.keys(formats).find((name) => !columns.includes(name));
    if (unknown)
      throw new Error(`there is no column "${unknown}" to format; there are ${columns.join(", ")}`);
    this.cells = values.map((row) =>
      row.map((value, i) => oneLine(format(value, ownValue(formats, columns[i]!)))),
    );
    this.isNumeric = columns.map((_, i) => this.cells.every((row) => NUMBER.test(row[i]!)));
  }

  /** The table as a danfojs DataFrame. */
  dataFrame(): InstanceType<typeof import("danfojs-node")["DataFrame"]> {
    const { DataFrame } = require("danfojs-node");
    return new DataFrame(this.values, { columns: this.columns });
  }

  toString(): string {
    const widths = this.header.map((name, i) =>
      this.cells.reduce((most, row) => Math.max(most, width(row[i]!)), width(name)),
    );
    const line = (row: string[]) =>
      row
        .map((text, i) => pad(text, widths[i]!, this.isNumeric[i]!))
        .join("  ")
        .trimEnd();
    const rule = widths.map((count) => "─".repeat(count)).join("  ");
    return [...(this.caption ? [this.caption] : []), line(this.header), rule, ...this.cells.map(line)].join(
      "\n",
    );
  }

  toHTML(): string {
    const align = (i: number) => ` style="text-align:${this.isNumeric[i] ? "right" : "left"}"`;
    const row = (tag: string, texts: string[]) =>
      `<tr>${texts.map((text, i) => `<${tag}${align(i)}>${escapeHtml(text)}</${tag}>`).join("")}</tr>`;
    const caption = this.caption
      ? `<caption style="text-align:left">${escapeHtml(this.caption)}</caption>`
      : "";
    const body = this.cells.map((texts) => row("td", texts)).join("\n");
    return `<table>${caption}\n<thead>${row("th", this.header)}</thead>\n<tbody>\n${body}\n</tbody></table>`;
  }

  [jupyterDisplay](): MimeBundle {
    return { "text/html": this.toHTML(), "text/plain": this.toString() };
  }
}

/**
 * A table of rows that share their keys, of columns by name, or of a danfojs DataFrame.
 *
 * @throws Error where there are no rows, one has other keys than the first, or columns differ in length
 *
 * @example
 * table([{ net: "a", accuracy: 0.98 }, { net: "b", accuracy: 0.97 }], { formats: { accuracy: 3 } });
 * table({ net: ["a", "b"], accuracy: [0.98, 0.97] });
 */
export function table(content: TableRow[] | Columns | DataFrameLike, options: TableOptions = {}): Table {
  if (Array.isArray(content)) return tableOfRows(content, options);
  if (isDataFrame(content)) return tableOfFrame(content, options);
  return tableOfColumns(content, options);
}

/** The names of the rows, such as those of `describe()`, are a column without a name; numbers of rows are left out. */
function tableOfFrame({ columns, index, values }: DataFrameLike, options: TableOptions): Table {
  const rows = values as TableCell[][];
  if (!index.some((label) => typeof label === "string")) return new Table(columns, rows, options);
  return new Table(
    ["", ...columns],
    rows.map((row, i) => [index[i], ...row]),
    options,
  );
}

function isDataFrame(content: Columns | DataFrameLike): content is DataFrameLike {
  return typeof content.head === "function";
}

function tableOfRows(rows: TableRow[], options: TableOptions): Table {
  const [first] = rows;
  if (!first) throw new Error("a table expects at least one row, got none");
  const columns = Object.keys(first);
  rows.forEach((row, i) => {
    const keys = Object.keys(row);
    if (keys.length !== columns.length || !columns.every((name) => Object.hasOwn(row, name))) {
      throw new Error(`row ${i} has the columns ${keys.join(", ")}; expected ${columns.join(", ")}`);
    }
  });
  return new Table(
    columns,
    rows.map((row) => columns.map((name) => row[name])),
    options,
  );
}

function tableOfColumns(content: Columns, options: TableOptions): Table {
  const columns = Object.keys(content);
  const length = content[columns[0] ?? ""]?.length ?? 0;
  if (length === 0) throw new Error("a table expects at least one row, got none");
  const odd = columns.find((name) => content[name]!.length !== length);
  if (odd !== undefined) {
    const [got, expected] = [content[odd]!.length, `${length} as of "${columns[0]}"`];
    throw new Error(`column "${odd}" has ${got} values; expected ${expected}`);
  }
  const rows = Array.from({ length }, (_, i) => columns.map((name) => content[name]![i]));
  return new Table(columns, rows, options);
}

function format(value: TableCell, how: CellFormat = 6): string {
  if (typeof how === "function") return String(how(value));
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return String(value);
  if (typeof how === "object") return value.toFixed(how.decimals);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(how)));
}

function oneLine(text: string): string {
  return printable(text).replace(/[\t\n\r]+/g, " ");
}

/** Signs, not UTF-16 units. */
function width(text: string): number {
  return [...text].length;
}

function pad(text: string, columns: number, right: boolean): string {
  const space = " ".repeat(columns - width(text));
  return right ? space + text : text + space;
}
