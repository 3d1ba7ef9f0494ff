import type { DataFrame } from "danfojs-node";
import { ownValue } from "../display/own-value";
import type { Final } from "../training/training";
import type { ConfigValue } from "./config";
import type { Run } from "./results";

/** What the frame takes of a run. */
type FrameRun = Pick<Run<Final>, "name" | "config" | "final">;
type Value = ConfigValue | undefined;

/**
 * Gathers runs in a danfojs DataFrame with a row for each run, to group, describe, sort or save them: the first column
 * is the run's name, the next are the fields of its configuration, the last those of its final result.
 *
 * A list is its values as text, "784, 100, 10"; so is every value of a column that holds other types besides numbers or
 * besides booleans. A field that a run lacks is NaN in a column of numbers, else null. danfojs, whose import takes half a
 * second, is imported by the first call. A field that has the name of a column before it, or of a member of danfojs's
 * DataFrame, which the column would hide, is named after its part: "final.evolutions", "final.columns".
 *
 * @example
 * const frame = runsFrame(await runAll(configs, experiment));
 * table(frame.groupby(["hidden"]).col(["testAccuracy"]).mean());
 *
 * @param runs At least one; their configurations and results may have different fields.
 * @throws RangeError for no runs
 */
export function runsFrame(runs: readonly Pick<Run<Final>, "name" | "config" | "final">[]): DataFrame {
  if (runs.length === 0) throw new RangeError("runsFrame: expected at least one run, got none");
  const { DataFrame } = require("danfojs-node") as typeof import("danfojs-node");
  const columns = columnsOf(runs, new DataFrame([[0]], { columns: ["name"] }));
  const cells = columns.map(([, values]) => cellsOf(values));
  return new DataFrame(
    runs.map((_, row) => cells.map((column) => column[row]!)),
    { columns: columns.map(([name]) => name) },
  );
}

/**
 * The columns by name: the runs' names, the fields of their configurations and those of their final results.
 *
 * @param frame Any DataFrame, for the names of its members.
 */
function columnsOf(runs: readonly FrameRun[], frame: DataFrame): [string, Value[]][] {
  const columns = new Map<string, Value[]>([["name", runs.map(({ name }) => name)]]);
  for (const part of ["config", "final"] as const) {
    for (const name of new Set(runs.flatMap((run) => Object.keys(run[part])))) {
      const values = runs.map((run) => ownValue<Value>(run[part], name));
      const isTaken = columns.has(name) || name in frame;
      columns.set(isTaken ? `${part}.${name}` : name, values);
    }
  }
  return [...columns];
}

/** The values of a column as danfojs takes them: of one type, but for those that are missing. */
function cellsOf(values: Value[]): (string | number | boolean | null)[] {
  const given = values.filter((value) => value !== undefined && value !== null);
  if (given.every((value) => typeof value === "number")) return values.map((value) => Number(value ?? NaN));
  const areBooleans = given.every((value) => typeof value === "boolean");
  return values.map((value) => {
    if (value === undefined || value === null) return null;
    if (areBooleans) return value as boolean;
    return Array.isArray(value) ? value.join(", ") : String(value);
  });
}
