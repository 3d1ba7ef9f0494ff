/**
 * A text table: columns as wide as their widest cell, numbers to the right.
 *
 * @param {string[]} header The columns' names.
 * @param {(string | number)[][]} rows One array of cells a row; numbers are shown with one decimal.
 */
export function textTable(header, rows) {
  const cells = [header, ...rows.map((row) => row.map(format))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  /** @param {number} column */
  const isNumber = (column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number");
  /** @param {string[]} row */
  const line = (row) =>
    row.map((cell, column) =>
      isNumber(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
  return cells.map((row) => line(row).join("  ").trimEnd()).join("\n");
}

/** @param {string | number} cell */
function format(cell) {
  return typeof cell === "number" ? cell.toFixed(1) : cell;
}
