import { type Displayable, Output } from "../display/display";
import { jupyterDisplay, type MimeBundle } from "../display/host";
import { escapeHtml } from "../display/html";
import { printable } from "../display/printable";
import { type Claim, requireHolding } from "../experiment/claim";

/** Options of `AnswerBox.fill`. */
export interface AnswerOptions {
  /** A sentence on the settings for which the answer holds and those for which it is not shown. Default: none. */
  scope?: string;
  /** The key figure, displayed below the box. Default: none. */
  figure?: Displayable;
}

/** The box with a notebook's answer, displayed at its top and filled by its last cell. */
export interface AnswerBox {
  /**
   * Replaces the contents of the box, wherever the notebook displays it.
   *
   * @param claims The sentences of the answer, in order; at least one.
   * @throws Error if there is no claim, or with text and evidence of each claim that does not hold; the box then stays
   *   as it is.
   */
  fill(claims: readonly Claim[], options?: AnswerOptions): Promise<void>;
}

const EMPTY = "The last cell fills in the answer, from the runs.";
const UNCHECKED = "Not checked: these runs are shorter than those of the full profile.";

/**
 * Displays an empty box for the notebook's answer and returns it, to be filled by the last cell.
 *
 * The text and the key figure are displays of their own, because front ends show figures only as outputs: JupyterLab
 * removes pictures from the HTML of a notebook that it does not trust.
 *
 * @example
 * const answer = await answerBox(); // in the first cell
 * await answer.fill([bound, crossing], { scope: "Holds for MNIST.", figure: rankFigure }); // in the last cell
 */
export async function answerBox(): Promise<AnswerBox> {
  const [box, picture] = [new Output(), new Output()];
  box.show(bundleOf([EMPTY]));
  picture.show({ "text/plain": "" });
  return {
    async fill(claims, { scope, figure } = {}) {
      if (claims.length === 0) throw new Error("AnswerBox.fill: expected at least one claim, got none");
      requireHolding(claims);
      const bundle = await figure?.[jupyterDisplay]();
      const paragraphs = [claims.map(({ text }) => text).join(" ")];
      if (scope !== undefined) paragraphs.push(scope);
      if (claims.some(({ holds }) => holds === "not checked")) paragraphs.push(UNCHECKED);
      box.show(bundleOf(paragraphs));
      if (bundle) picture.show(bundle);
    },
  };
}

function bundleOf(paragraphs: string[]): MimeBundle {
  const texts = paragraphs.map(printable);
  const html = texts.map((text) => `<p>${escapeHtml(text)}</p>`).join("");
  const style = "border:2px solid #0072B2;border-radius:6px;padding:0.6em 1em 0";
  return {
    "text/html": `<div style="${style}"><p><b>Answer</b></p>${html}</div>`,
    "text/plain": ["Answer", ...texts].join("\n"),
  };
}
