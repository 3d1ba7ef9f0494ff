import type { Claim } from "../../../lib";

/**
 * What the README answers to a notebook's question in words that are no claim of the notebook.
 *
 * The answer, the third column of the notebook's row, consists of claims: the same sentences that the notebook derives
 * from its runs. A number that has changed in a claim leaves the README's old sentence over.
 *
 * @param readme The README's text.
 * @param notebook The notebook's name, by which its row is found.
 * @returns What is left of the answer without the claims; empty where it consists of them.
 * @throws Error where the README has no row of the notebook, or its answer is empty.
 */
export function unclaimedAnswer(readme: string, notebook: string, claims: readonly Claim[]): string {
  const row = readme.split("\n").find((line) => line.startsWith("|") && line.includes(`/${notebook}.ipynb)`));
  const answer = row
    ?.split(/(?<!\\)\|/)[3]
    ?.replaceAll("\\|", "|")
    .trim();
  if (!answer) throw new Error(`the README has no row with an answer of ${notebook}`);
  const longestFirst = claims.map(({ text }) => text).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, text) => rest.replace(text, () => ""), answer).trim();
}
