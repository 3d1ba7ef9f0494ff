import assert from "node:assert/strict";
import { test } from "node:test";
import { checkClaim, requireHolding } from "./claim";

const claim = {
  text: "ZerO ends at rank 795 (790 to 799).",
  evidence: "final rank at n_h = 1024, seeds 1 to 5",
  n: 5,
  interval: { low: 790, high: 799 },
  holds: true,
};
const refused = (change: object, message: string | RegExp) =>
  assert.throws(() => checkClaim({ ...claim, ...change }, "claims[3]"), { message });

test("a claim has a text, evidence, a count, a condition and perhaps an interval", () => {
  checkClaim(claim, "claims[3]");
  checkClaim({ ...claim, interval: undefined, holds: false }, "claims[3]");
  assert.throws(() => checkClaim("text", "claims[3]"), {
    message: 'claims[3] is "text", expected an object',
  });
});

test("the first wrong part of a claim is named with its place and value", () => {
  refused({ text: undefined }, "claims[3]: text is undefined, expected a text");
  refused({ text: " " }, /^claims\[3\]: text is " ", expected words/);
  refused({ evidence: "" }, /^claims\[3\]: evidence is "", expected words/);
  refused({ n: 0 }, "claims[3]: n is 0, expected an integer ≥ 1");
  refused({ n: 2.5 }, "claims[3]: n is 2.5, expected an integer ≥ 1");
  refused({ n: "5" }, "claims[3]: n is 5, expected an integer ≥ 1");
  refused({ holds: "yes" }, 'claims[3]: holds is "yes", expected true, false or "not checked"');
  refused({ interval: [790, 799] }, "claims[3]: interval is [790,799], expected an object");
  refused({ interval: { low: 1, high: null } }, "claims[3]: interval.high is null, expected a finite number");
  refused(
    { interval: { low: 2, high: 1 } },
    'claims[3]: interval is {"low":2,"high":1}, expected low ≤ high',
  );
});

test("a claim whose text lacks a number is refused, unless short runs are not checked", () => {
  for (const missing of [undefined, Number.NaN, -Infinity, {}]) {
    const text = `ZerO ends at rank ${missing}.`;
    refused({ text }, /expected words, with a number/);
    checkClaim({ ...claim, text, n: 0, holds: "not checked" }, "claims[3]");
  }
  checkClaim({ ...claim, text: "The rank is undefinable, as in the null model." }, "claims[3]");
});

test("claims that do not hold are listed with text and evidence; claims that are not checked pass", () => {
  const failed = { ...claim, text: "ZerO ends at rank 780.", holds: false };
  requireHolding([claim, { ...failed, holds: "not checked" }]);
  assert.throws(() => requireHolding([claim, failed, { ...failed, text: "It stays there.", n: 2 }]), {
    message:
      "2 of 3 claims do not hold:\n" +
      "“ZerO ends at rank 780.” Evidence: final rank at n_h = 1024, seeds 1 to 5, n = 5\n" +
      "“It stays there.” Evidence: final rank at n_h = 1024, seeds 1 to 5, n = 2",
  });
});
