import { requireInteger } from "../checks/check-range";
import { finiteAt, objectAt, textAt, wrong } from "./json-shape";

/** A statement about a notebook's runs and whether its condition is true. */
export interface Claim {
  /** The statement in whole sentences, with its numbers filled in from the runs. */
  text: string;
  /** The runs and the quantity that the statement is derived from, such as "final rank of ZerO, seeds 1 to 5". */
  evidence: string;
  /** The number of runs, pairs or images in the evidence. */
  n: number;
  /** The interval of the quantity, for quantities that have one. */
  interval?: { low: number; high: number };
  /** Whether the condition is true; it is not checked in the quick and smoke profiles. */
  holds: boolean | "not checked";
}

/** Matches what a template writes for a number that the runs lack. */
const MISSING = /\b(undefined|NaN|Infinity)\b|\[object /;

/**
 * Checks the shape of a claim, as it is made in a cell or read from a file.
 *
 * A claim that is not checked may lack numbers, since short runs do not have them all.
 *
 * @param value The claim.
 * @param place The name of the claim in the errors, such as "claims[3]".
 * @throws TypeError or RangeError that names the first wrong part, its value and what was expected.
 */
export function checkClaim(value: unknown, place: string): asserts value is Claim {
  const { text, evidence, n, interval, holds } = objectAt(value, place);
  if (typeof holds !== "boolean" && holds !== "not checked") {
    throw wrong(holds, `${place}: holds`, 'true, false or "not checked"');
  }
  const isChecked = holds !== "not checked";
  for (const [name, part] of Object.entries({ text, evidence })) {
    textAt(part, `${place}: ${name}`);
    if (part.trim() === "" || (isChecked && MISSING.test(part))) {
      throw wrong(part, `${place}: ${name}`, "words, with a number wherever one is filled in");
    }
  }
  requireInteger(`${place}: n`, n, isChecked ? 1 : 0);
  if (interval !== undefined) checkInterval(interval, `${place}: interval`);
}

function checkInterval(value: unknown, place: string): void {
  const { low, high } = objectAt(value, place);
  finiteAt(low, `${place}.low`);
  finiteAt(high, `${place}.high`);
  if (low > high) throw wrong(value, place, "low ≤ high");
}

/**
 * Refuses claims whose condition is false.
 *
 * @throws Error with the text and the evidence of each claim that does not hold.
 */
export function requireHolding(claims: readonly Claim[]): void {
  const failed = claims.filter(({ holds }) => holds === false);
  if (failed.length === 0) return;
  const lines = failed.map(({ text, evidence, n }) => `“${text}” Evidence: ${evidence}, n = ${n}`);
  throw new Error(`${failed.length} of ${claims.length} claims do not hold:\n${lines.join("\n")}`);
}
