import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Final, FinishedRun, Results } from "../../../lib";
import { projectFolder } from "../../../lib/notebook/project";

// The main numbers of the verdicts and of the README's table are derived here from the committed runs, or read from the
// committed output, and looked for in the text. A sentence that no longer agrees with its runs fails.

export type AnyRun = FinishedRun<Final>;
type Cell = { cell_type: string; source: string[]; outputs?: Output[] };
type Output = { text?: string[]; data?: Record<string, string[]> };

const names = {
  "00": "00-subspace-training",
  "01": "01-convergent-rank",
  "02": "02-weight-feedback",
  "03": "03-zero-initialization",
  "04": "04-linear-network",
};
type Notebook = keyof typeof names;

const read = (...path: string[]) => readFileSync(join(projectFolder, ...path), "utf8");
const cellsOf = (notebook: Notebook): Cell[] =>
  JSON.parse(read("notebooks", `${names[notebook]}.ipynb`)).cells;
const joined = (text: string[] | string | undefined) => (Array.isArray(text) ? text.join("") : (text ?? ""));

export function runsOf(notebook: Notebook): AnyRun[] {
  const { runs }: Results = JSON.parse(read("notebooks", "results", `${names[notebook]}.json`));
  return runs as AnyRun[];
}

/** All that a notebook's cells printed or displayed as text. */
export function outputOf(notebook: Notebook): string {
  const outputs = cellsOf(notebook).flatMap((cell) => cell.outputs ?? []);
  return outputs.map(({ text, data }) => `${joined(text)}${joined(data?.["text/plain"])}`).join("\n");
}

const prose = (notebook: Notebook) =>
  cellsOf(notebook)
    .filter((cell) => cell.cell_type === "markdown")
    .map(({ source }) => joined(source))
    .join("\n");

/** Fails where a notebook's prose, or the README, lacks one of these sentences. */
export function states(where: Notebook | "README", ...sentences: string[]): void {
  const text = where === "README" ? read("README.md") : prose(where);
  for (const sentence of sentences) {
    assert.ok(text.includes(sentence), `${where} does not say “${sentence}”, as its runs do`);
  }
}

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]) => sum(values) / values.length;
export const median = (values: readonly number[]) => {
  const ordered = [...values].sort((a, b) => a - b);
  return (ordered[(ordered.length - 1) >> 1]! + ordered[ordered.length >> 1]!) / 2;
};
export const range = (values: readonly number[], digits = 1, to = " to ") =>
  `${Math.min(...values).toFixed(digits)}${to}${Math.max(...values).toFixed(digits)}`;
const signed = (value: number, digits = 2) => value.toFixed(digits).replace("-", "−");
export const written = ({ mean, low, high }: { mean: number; low: number; high: number }) =>
  `${signed(mean)} (${signed(low)} to ${signed(high)})`;
export const accuracy = ({ final }: AnyRun) => final["testAccuracy"] as number;
export const last = <T>(values: readonly T[]) => values[values.length - 1]!;
