import { readFileSync } from "node:fs";
import { writeAtomically } from "../files/write-atomically";
import type { Final } from "../training/training";
import { type Claim, checkClaim } from "./claim";
import type { Config } from "./config";
import { listAt, objectAt, textAt } from "./json-shape";

/** One training: its configuration, history and final result. */
export interface Run<F extends Final = Record<string, number>> {
  name: string;
  config: Config;
  history: ({ step: number } & Record<string, number>)[];
  final: F;
}

/** What a run's numbers may depend on besides its parameters. */
export interface Environment {
  /** The commit, with `+` where lib has changed since; `unknown` outside a git checkout. */
  code: string;
  node: string;
  platform: string;
  processor: string;
  threads: number;
  /** Versions of the packages that compute. */
  packages: Record<string, string>;
}

/** The results of a notebook: its claims and the runs behind its figures and tables. */
export interface Results {
  notebook: string;
  parameters: Record<string, unknown>;
  environment: Environment;
  /** The statements that the notebook makes about its runs, if it states them as claims. */
  claims?: Claim[];
  runs: Run<Final>[];
}

/**
 * Writes results as JSON, with each row of a history on a line.
 *
 * @param path The file; folders that it needs are made.
 * @throws RangeError where a number is not finite: JSON cannot hold it.
 */
export function writeResults(path: string, results: Results): void {
  writeAtomically(path, `${inRows(JSON.stringify(results, finite, 1))}\n`);
}

/**
 * Reads the results of a notebook and checks their outline and their claims.
 *
 * The runs are checked where they are used, since a notebook may store runs without records.
 *
 * @param path The file, as `writeResults` writes it.
 * @throws Error if the file is missing or no JSON; TypeError or RangeError that names the file and the first wrong part.
 */
export function readResults(path: string): Results {
  const results: unknown = JSON.parse(readFileSync(path, "utf8"));
  const { notebook, parameters, environment, claims, runs } = objectAt(results, path);
  textAt(notebook, `${path}: notebook`);
  objectAt(parameters, `${path}: parameters`);
  objectAt(environment, `${path}: environment`);
  if (claims !== undefined) {
    for (const [i, claim] of listAt(claims, `${path}: claims`).entries())
      checkClaim(claim, `${path}: claims[${i}]`);
  }
  listAt(runs, `${path}: runs`);
  return results as Results;
}

/** Indented JSON with what holds no other lists or objects on one line, such as the rows of a history. */
function inRows(json: string): string {
  return json.replace(/([[{])\n\s+([^[\]{}]*)\n\s+([\]}])/g, (_, open, inner, close) => {
    return `${open}${inner.replace(/\n\s+/g, " ")}${close}`;
  });
}

function finite(name: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError(`results: "${name}" is ${value}; expected a finite number`);
  }
  return value;
}
