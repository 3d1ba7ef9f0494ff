import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type Host, host, installHost, jupyterDisplay, type MimeBundle } from "../display/host";
import type { Claim } from "../experiment/claim";
import { answerBox } from "./answer-box";

const terminal = host();
afterEach(() => installHost(terminal));

/** Records the displays as a front end keeps them: an update replaces the bundle of the same id. */
function record(): Map<string, MimeBundle> {
  const shown = new Map<string, MimeBundle>();
  const display: Host["display"] = (bundle, { id = "", update } = {}) => {
    assert.equal(shown.has(id), update ?? false, "an update has a display before it");
    shown.set(id, bundle);
  };
  installHost({ ...terminal, display });
  return shown;
}

const claim: Claim = { text: "Ranks stay < 784.", evidence: "final ranks", n: 4, holds: true };
const figure = { [jupyterDisplay]: async () => ({ "image/png": "picture", "text/plain": "ranks" }) };

test("an answer box is empty at first, then holds claims and scope, escaped, with the figure below", async () => {
  const shown = record();
  const answer = await answerBox();
  const [before] = [...shown.values()];
  assert.match(`${before!["text/plain"]}`, /The last cell fills in the answer/);
  await answer.fill([claim, { ...claim, text: "ZerO & OnE cross it." }], {
    scope: "Holds for MNIST.",
    figure,
  });
  const [box, picture] = [...shown.values()];
  assert.equal(box!["text/plain"], "Answer\nRanks stay < 784. ZerO & OnE cross it.\nHolds for MNIST.");
  const html = `${box!["text/html"]}`;
  assert.ok(
    html.includes("<p>Ranks stay &lt; 784. ZerO &amp; OnE cross it.</p><p>Holds for MNIST.</p>"),
    html,
  );
  assert.deepEqual(picture, await figure[jupyterDisplay]());
  assert.equal(shown.size, 2);
});

test("an answer box says that the claims of a short profile are not checked", async () => {
  const shown = record();
  await (await answerBox()).fill([claim, { ...claim, holds: "not checked" }]);
  assert.match(`${[...shown.values()][0]!["text/plain"]}`, /784\.\nNot checked: these runs are shorter/);
});

test("an answer box stays as it is where a claim does not hold, there is none, or the figure fails", async () => {
  const shown = record();
  const answer = await answerBox();
  const before = [...shown.values()];
  const broken = { [jupyterDisplay]: () => Promise.reject(new Error("nothing to draw")) };
  await assert.rejects(
    answer.fill([claim, { ...claim, holds: false }]),
    /1 of 2 claims do not hold:\n“Ranks/,
  );
  await assert.rejects(answer.fill([]), /expected at least one claim/);
  await assert.rejects(answer.fill([claim], { figure: broken }), /nothing to draw/);
  assert.deepEqual([...shown.values()], before);
});

test("a box that is filled again shows the new claims alone", async () => {
  const shown = record();
  const answer = await answerBox();
  await answer.fill([claim]);
  await answer.fill([{ ...claim, text: "Ranks pass 784." }]);
  assert.equal([...shown.values()][0]!["text/plain"], "Answer\nRanks pass 784.");
});
