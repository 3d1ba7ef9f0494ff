import { jupyterDisplay, type MimeBundle } from "./host";
import { escapeHtml } from "./html";
import { ownValue } from "./own-value";
import { printable } from "./printable";

/** The value of a table's cell; null and undefined are shown as a dash. */
export type TableCell = number | string | boolean | null | undefined;
/** A row of a table: cells by column name. */
export type TableRow = Record<string, TableCell>;
/** The columns of a table by name, all of equal length. */
export type Columns = Record<string, ArrayLike<TableCell>>;

/**
 * The format of a column's values. A number n means at most n significant digits, in [1, 100], like `toPrecision`
 * without trailing zeros: with 3, 0.98765 is 0.988 and 0.5 is 0.5; integers keep all their digits. `{ decimals: n }`
 * means n digits after the point, in [0, 100], like `toFixed`: with 2, 0.98765 is 0.99 and 7 is 7.00. A function
 * returns the text of any value, even of one that is not a number.
 */
export type CellFormat = number | { decimals: number } | ((value: TableCell) => string);

/** Options of `table`. */
export interface TableOptions {
  /** The text above the table. Default: none. */
  caption?: string;
  /** The formats by column name. Default: 6, at most six significant digits. */
  formats?: Record<string, CellFormat>;
}

/** Matches a number as it is written in a cell, or the dash of a missing value. */
const NUMBER = /^(?:[−–\-+]?(?:\d[\d.,eE+−-]*)?%?|NaN|-?Infinity)$/;

/** The part of a danfojs DataFrame that a table uses. */
export interface DataFrameLike {
  columns: string[];
  /** The names or numbers of the rows. */
  index: (string | number)[];
  values: unknown[];
  head(rows?: number): unknown;
}

/**
 * A table that displays itself as HTML and as aligned text. Columns of numbers are right-aligned, and line breaks in
 * cells become spaces. NaN and infinities are written as such, and a missing value as a dash.
 *
 * The table is not a danfojs DataFrame because danfojs prints at a fixed width and its import takes a second;
 * `dataFrame()` converts it to one, for statistics, grouping or files.
 */
export class Table {
  private readonly caption: string;
  /** The column names as they are written. */
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
      throw new Error(`there is no column "${unknown}" to format; the columns are ${columns.join(", ")}`);
    this.cells = values.map((row) =>
      row.map((value, i) => oneLine(format(value, ownValue(formats, columns[i]!)))),
    );
    this.isNumeric = columns.map((_, i) => this.cells.every((row) => NUMBER.test(row[i]!)));
  }

  /** Converts the table to a danfojs DataFrame. */
  dataFrame(): InstanceType<typeof import("danfojs-node")["DataFrame"]> {
    const { DataFrame } = require("danfojs-node");
    return new DataFrame(this.values, { columns: this.columns });
  }

  /** Returns the table as aligned text. */
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

  /** Returns the table as an HTML element with escaped text. */
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

  /** Returns the table's HTML and text for Jupyter. */
  [jupyterDisplay](): MimeBundle {
    return { "text/html": this.toHTML(), "text/plain": this.toString() };
  }
}

/**
 * Makes a table from rows, columns or a danfojs DataFrame.
 *
 * @param content Rows with equal keys, columns by name, or a DataFrame, whose row names become a first column.
 * @param options Options. Default: {}.
 * @throws Error if rows or columns are missing, rows have different keys, columns have different lengths, or a format
 *   is given for an unknown column.
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

/** Makes a table with the names of rows, such as those of `describe()`, as a first column; row numbers are omitted. */
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

/** The number of characters, not of UTF-16 code units. */
function width(text: string): number {
  return [...text].length;
}

function pad(text: string, columns: number, right: boolean): string {
  const space = " ".repeat(columns - width(text));
  return right ? space + text : text + space;
}
