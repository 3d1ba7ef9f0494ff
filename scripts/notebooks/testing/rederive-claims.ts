import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Claim, type Claims, type ExperimentKey, type FinishedRun, readResults } from "../../../lib";
import type { Config } from "../../../lib/experiment/config";
import { keyOf } from "../../../lib/experiment/run-key";
import type { Final } from "../../../lib/training/training";
import { inFullProfile } from "../replay/full-profile";
import { executeCells, notebooksFolder, outputsOf } from "../replay/notebook-source";
import { libraryWith, withoutDisplays, withoutTraining } from "../replay/stand-ins";

/** What a notebook states. */
interface Statements {
  /** The claims that it saves. */
  claims: Claim[];
  /** The sentences of its answer box. */
  answer: string[];
}

/** The largest relative difference of intervals that are equal up to the rounding of another machine. */
const ROUNDING = 1e-9;

/**
 * Derives the claims of a notebook anew from its committed runs and compares them with the committed claims.
 *
 * @param notebook Its name, such as `03-zero-initialization`.
 * @param folder Its folder, in which `results` holds its committed results.
 * @returns A sentence for each fault: a claim that does not hold, differs from the committed one, is missing on either
 *   side, or is not on the committed page; and a sentence of the answer box that is no claim.
 * @throws Error where a cell fails, or asks for a run that is not committed.
 */
export async function faultsOfClaims(notebook: string, folder = notebooksFolder): Promise<string[]> {
  const { claims: committed = [], runs } = readResults(join(folder, "results", `${notebook}.json`));
  const { claims, answer } = await inFullProfile(() =>
    statementsOf(notebook, folder, runs as FinishedRun<Final>[]),
  );
  const page = outputsOf(notebook, folder);
  const isClaim = (text: string, list: readonly Claim[]) => list.some((claim) => claim.text === text);
  return [
    ...claims.filter(({ holds }) => holds !== true).map(({ text }) => `“${text}” does not hold`),
    ...committed
      .filter(({ holds }) => holds !== true)
      .map(({ text }) => `“${text}” is committed as not holding`),
    ...claims.flatMap((claim) => differences(claim, committed)),
    ...committed
      .filter(({ text }) => !isClaim(text, claims))
      .map(({ text }) => `“${text}” is committed, but no longer follows from the runs`),
    ...committed.filter(({ text }) => !page.includes(text)).map(({ text }) => `“${text}” is not on the page`),
    ...answer
      .filter((text) => !isClaim(text, claims))
      .map((text) => `“${text}” in the answer box is no claim`),
  ];
}

/** How a claim differs from the committed one of the same text. */
function differences({ text, ...claim }: Claim, committed: readonly Claim[]): string[] {
  const other = committed.find((one) => one.text === text);
  if (!other) return [`“${text}” follows from the runs, but is not committed`];
  const parts = (["evidence", "n", "interval"] as const).filter((part) =>
    part === "interval"
      ? !isSameInterval(claim[part], other[part])
      : !isDeepStrictEqual(claim[part], other[part]),
  );
  return parts.map(
    (part) =>
      `“${text}”: ${part} is ${JSON.stringify(claim[part])}, committed ${JSON.stringify(other[part])}`,
  );
}

function isSameInterval(a: Claim["interval"], b: Claim["interval"]): boolean {
  if (!a || !b) return a === b;
  const scale = Math.max(Math.abs(a.low), Math.abs(a.high));
  return Math.max(Math.abs(a.low - b.low), Math.abs(a.high - b.high)) <= ROUNDING * scale;
}

/** Executes a notebook whose runs are answered by the committed ones of the same key. */
async function statementsOf(
  notebook: string,
  folder: string,
  runs: readonly FinishedRun<Final>[],
): Promise<Statements> {
  const byKey = new Map(runs.map((run) => [run.key, run]));
  const statements: Statements = { claims: [], answer: [] };
  const answer = (config: Config, experiment: ExperimentKey) => {
    const run = byKey.get(keyOf(config, experiment));
    if (!run)
      throw new Error(`${notebook}: the run of ${JSON.stringify(config)} is not among the committed ones`);
    return run;
  };
  await executeCells(
    notebook,
    libraryWith({
      ...withoutTraining,
      ...withoutDisplays,
      run: async (config: Config, experiment: ExperimentKey) => answer(config, experiment),
      runAll: async (configs: Config[], experiment: ExperimentKey) =>
        configs.map((config) => answer(config, experiment)),
      answerBox: async () => ({
        async fill(claims: Claim[]) {
          statements.answer = claims.map(({ text }) => text);
        },
      }),
      saveResults(_: string, { claims }: { claims?: Claims }) {
        statements.claims = claims?.list() ?? [];
        return "";
      },
    }),
    { folder },
  );
  return statements;
}
