import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { jupyterDisplay } from "../display/host";
import { type ClaimOptions, Claims } from "./claims";

const before = process.env["WEIGHTSPACE_PROFILE"];
const setProfile = (name?: string) => {
  if (name === undefined) delete process.env["WEIGHTSPACE_PROFILE"];
  else process.env["WEIGHTSPACE_PROFILE"] = name;
};
beforeEach(() => setProfile("full"));
afterEach(() => setProfile(before));

const rank: ClaimOptions = {
  text: "ZerO ends at rank 795, above 784.",
  holds: true,
  evidence: "final rank at n_h = 1024, seeds 1 to 5",
  n: 5,
  interval: { low: 789.98765, high: 800 },
};
const accuracy: ClaimOptions = {
  text: "That buys no accuracy.",
  holds: false,
  evidence: "paired difference",
  n: 3,
};

test("in the full profile a claim holds or does not, which its cell survives", () => {
  const claims = new Claims();
  assert.deepEqual(claims.add(rank), rank);
  assert.equal(claims.add(accuracy).holds, false);
  assert.deepEqual(claims.list(), [rank, accuracy]);
});

for (const profile of ["quick", "smoke"]) {
  test(`in the ${profile} profile the condition of a claim is not checked`, () => {
    setProfile(profile);
    const claims = new Claims();
    for (const holds of [true, false]) assert.equal(claims.add({ ...rank, holds }).holds, "not checked");
    assert.match(`${claims.table()}`, /not checked/);
  });
}

test("an interval is kept by its ends, whichever statistic it comes from", () => {
  const interval = { mean: 795, low: 790, high: 800 };
  assert.deepEqual(new Claims().add({ ...rank, interval }).interval, { low: 790, high: 800 });
});

test("a cell that is executed again replaces its claims in their place", () => {
  const claims = new Claims();
  for (const holds of [false, true]) claims.add({ ...accuracy, holds });
  claims.add(rank);
  claims.add({ ...accuracy, holds: true, n: 4 });
  assert.deepEqual(claims.list(), [{ ...accuracy, holds: true, n: 4 }, rank]);
});

test("the table shows claim, evidence, n, interval and whether the claim holds", () => {
  const claims = new Claims();
  claims.add(rank);
  claims.add(accuracy);
  const [header, , first, second] = `${claims.table()}`.split("\n").map((line) => line.split(/ {2,}/));
  assert.deepEqual(header, ["claim", "evidence", "n", "interval", "holds"]);
  assert.deepEqual(first, [rank.text, rank.evidence, "5", "790 to 800", "yes"]);
  assert.deepEqual(second, [accuracy.text, accuracy.evidence, "3", "–", "no"]);
});

test("a claim without a condition, with a misspelled part or with swapped ends is refused and not added", () => {
  const claims = new Claims();
  const refuses = (change: object, message: RegExp) =>
    assert.throws(() => claims.add({ ...rank, ...change } as ClaimOptions), message);
  refuses({ holds: undefined }, /^Error: claim: holds is undefined, expected true or false/);
  refuses({ holds: 784 }, /^Error: claim: holds is 784, expected true or false/);
  refuses({ intervals: [] }, /^Error: claim has no option intervals, expected some of text, holds/);
  refuses({ interval: { low: 2, high: 1 } }, /^TypeError: claim: interval is .* expected low ≤ high/);
  refuses({ text: `rank ${undefined}` }, /^TypeError: claim: text is "rank undefined"/);
  assert.deepEqual(claims.list(), []);
});

test("a claim displays its text, and says of one that does not hold that it is not shown", async () => {
  const evidence = { evidence: "ranks", n: 1 };
  const claims = new Claims();
  const holding = claims.add({ text: "The rank is < 784.", holds: true, ...evidence });
  assert.deepEqual(await holding[jupyterDisplay](), {
    "text/html": "<p><b>The rank is &lt; 784.</b></p>",
    "text/plain": "The rank is < 784.",
  });
  const failing = claims.add({ text: "It is odd.", holds: false, ...evidence });
  assert.equal((await failing[jupyterDisplay]())["text/plain"], "Not shown: It is odd.");
  assert.deepEqual(JSON.parse(JSON.stringify(failing)), { text: "It is odd.", ...evidence, holds: false });
});
