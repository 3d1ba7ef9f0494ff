import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeCheckpoint } from "../../lib/checkpoint/checkpoint";
import { differenceOf, modelDifferences } from "./compare-runs";

const folder = mkdtempSync(join(tmpdir(), "compare-"));
after(() => rmSync(folder, { recursive: true }));

function model(name: string, { weight = 1.5, loss = 2, seconds = 3 }): string {
  const path = join(folder, name);
  const state = { weight: { shape: [1], values: Float32Array.of(weight) } };
  const progress = { history: [{ step: 1, loss }], log: [], seconds };
  writeCheckpoint(path, { key: "key", step: 1, state, progress });
  return path;
}

test("kept models differ by the last bit of a weight and by their history, not by measured times", () => {
  const expected = model("expected", {});
  const differences = (name: string, parts: object) =>
    modelDifferences("seed 1", { got: model(name, parts), expected });
  assert.deepEqual(differences("slower", { seconds: 9 }), []);
  assert.match(
    differences("weight", { weight: 1.5 + 2 ** -23 }).join(),
    /^seed 1: the model's weight differs/,
  );
  assert.match(differences("loss", { loss: 2 + 2 ** -51 }).join(), /^seed 1: the model's metadata differs/);
  const got = join(folder, "none");
  assert.deepEqual(modelDifferences("seed 1", { got, expected }), ["seed 1 has no model"]);
});

test("a difference is told with what is around it", () => {
  assert.deepEqual(differenceOf("it", { a: 1 }, { a: 1 }), []);
  assert.deepEqual(differenceOf("it", [1, 2], [1, 3]), ["it differs: got …[1,2]…, expected …[1,3]…"]);
  assert.deepEqual(differenceOf("it", undefined, 1), ["it differs: got …nothing…, expected …1…"]);
});
