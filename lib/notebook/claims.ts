import { checkOptions, requireBoolean } from "../checks/check-options";
import type { Displayable } from "../display/display";
import { jupyterDisplay } from "../display/host";
import { escapeHtml } from "../display/html";
import { printable } from "../display/printable";
import { type Table, table } from "../display/table";
import { type Claim, checkClaim } from "../experiment/claim";
import { profile } from "./parameters";

/** A claim as a cell states it. */
export interface ClaimOptions extends Omit<Claim, "holds"> {
  /** The condition that makes the statement true, as evaluated on the runs. */
  holds: boolean;
}

/**
 * The claims of a notebook: each sentence of its answers that states a number or a comparison, with its evidence and
 * its condition.
 *
 * In the full profile conditions are enforced where claims leave the notebook: `saveResults` and an answer box refuse
 * claims that do not hold. A false condition does not stop the cell that states it, so that a full run of an hour still
 * comes to the table of all claims. In the quick and smoke profiles the same code runs and conditions are not checked.
 *
 * @example
 * const claims = new Claims();
 * const crossing = claims.add({
 *   text: `ZerO ends at rank ${intervalText(ranks, 0)}, above the 784 of the input.`,
 *   holds: ranks.low > 784,
 *   evidence: "final rank of W3 − I at n_h = 1024, seeds 1 to 5, Student's 95 % interval",
 *   n: 5,
 *   interval: ranks,
 * });
 */
export class Claims {
  private readonly byText = new Map<string, Claim>();

  /**
   * Adds a claim; it replaces one of the same text, so that a cell can be executed again.
   *
   * @param claim.text The statement in whole sentences, with its numbers filled in from the runs.
   * @param claim.holds The condition that makes it true.
   * @param claim.evidence The runs and the quantity that it is derived from.
   * @param claim.n The number of runs, pairs or images in the evidence, an integer ≥ 1.
   * @param claim.interval The quantity's interval, such as a result of `meanInterval`. Default: none.
   * @returns The claim, for an answer box; displayed, it is its text, and "Not shown:" before that of a claim that does
   *   not hold.
   * @throws TypeError, RangeError or Error for a missing or unknown part, an empty text, a text with NaN, Infinity or
   *   undefined where a number belongs, no evidence, or an interval that is not finite or whose ends are swapped.
   */
  add(claim: ClaimOptions): Claim & Displayable {
    checkOptions("claim", claim, ["text", "holds", "evidence", "n", "interval"]);
    const { text, holds, evidence, n, interval } = claim;
    requireBoolean("claim: holds", holds);
    const made: Claim = {
      ...{ text, evidence, n },
      ...(interval && { interval: { low: interval.low, high: interval.high } }),
      holds: profile() === "full" ? holds : "not checked",
    };
    checkClaim(made, "claim");
    this.byText.set(text, made);
    return displayable(made);
  }

  /** Returns the claims in the order in which they were added. */
  list(): Claim[] {
    return [...this.byText.values()];
  }

  /** Makes a table of the claims: text, evidence, n, interval, and whether each holds. */
  table(): Table {
    return table(
      this.list().map(({ text, evidence, n, interval, holds }) => ({
        claim: text,
        evidence,
        n,
        interval: interval && `${short(interval.low)} to ${short(interval.high)}`,
        holds: holds === "not checked" ? holds : holds ? "yes" : "no",
      })),
    );
  }
}

/** The claim with a display, which neither is saved nor counts in comparisons. */
function displayable(claim: Claim): Claim & Displayable {
  const text = printable(`${claim.holds === false ? "Not shown: " : ""}${claim.text}`);
  const bundle = { "text/html": `<p><b>${escapeHtml(text)}</b></p>`, "text/plain": text };
  const display = { value: () => bundle, enumerable: false };
  return Object.defineProperty({ ...claim }, jupyterDisplay, display) as Claim & Displayable;
}

/** A number with at most four significant digits, or all those of an integer. */
function short(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}
