import assert from "node:assert/strict";
import { test } from "node:test";
import type { Claim } from "../../../lib";
import { unclaimedAnswer } from "./readme-row";

const claimsOf = (...texts: string[]): Claim[] =>
  texts.map((text) => ({ text, evidence: "final ranks", n: 3, holds: true }));

/** A README whose row of notebook 99 has this answer. */
const readme = (answer: string) => `# weightspace

See [99 ranks](notebooks/99-ranks.ipynb).

| notebook | question | answer | the original's |
|---|---|---|---|
| [98 modes](notebooks/98-modes.ipynb) | Which of 3? | All 3. | 2 |
| [99 ranks](notebooks/99-ranks.ipynb) | Which rank of 1024? | ${answer} | 780 |
`;

const claims = claimsOf(
  "ZerO ends at 795.",
  "Partial identity ends at 498.",
  "It costs $& nothing: |W| is 2.",
);

test("an answer that consists of claims, in any order and number, leaves nothing over", () => {
  assert.equal(unclaimedAnswer(readme("ZerO ends at 795."), "99-ranks", claims), "");
  const both = "Partial identity ends at 498. ZerO ends at 795.";
  assert.equal(unclaimedAnswer(readme(both), "99-ranks", claims), "");
});

test("a number that is no longer its claim's is left over with its sentence", () => {
  const old = "Partial identity ends at 498. ZerO ends at 796.";
  assert.equal(unclaimedAnswer(readme(old), "99-ranks", claims), "ZerO ends at 796.");
  assert.equal(
    unclaimedAnswer(readme("ZerO ends at 795, once."), "99-ranks", claims),
    "ZerO ends at 795, once.",
  );
});

test("a claim may contain a bar, which Markdown's tables escape", () => {
  assert.equal(unclaimedAnswer(readme("It costs $& nothing: \\|W\\| is 2."), "99-ranks", claims), "");
});

test("a claim that begins with another one is taken out whole", () => {
  const nested = claimsOf("It is 7.", "It is 7. So it stays.");
  assert.equal(unclaimedAnswer(readme("It is 7. So it stays."), "99-ranks", nested), "");
});

test("a notebook without a row or an answer is an error", () => {
  assert.throws(
    () => unclaimedAnswer(readme("ZerO ends at 795."), "97-none", claims),
    /no row .* of 97-none/,
  );
  assert.throws(() => unclaimedAnswer(readme(""), "99-ranks", claims), /no row with an answer of 99-ranks/);
});
