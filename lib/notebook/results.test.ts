import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { saveResults } from "./results";

const folder = mkdtempSync(join(tmpdir(), "results-"));
after(() => rmSync(folder, { recursive: true }));

const run = { name: "a", config: { seed: 1 }, history: [{ step: 0, loss: 2.5 }], final: { loss: 0.5 } };

test("results hold the notebook, its parameters, the environment and every run", () => {
  saveResults("99-test", { parameters: { seed: 1 }, runs: [run] }, folder);
  const written = JSON.parse(readFileSync(join(folder, "99-test.json"), "utf8"));
  assert.deepEqual(Object.keys(written), ["notebook", "parameters", "environment", "runs"]);
  assert.deepEqual(written.runs, [run]);
  assert.equal(written.environment.node, process.version);
});

test("a history's row is a line of the file, and what was printed stays as it is", () => {
  const log = ["[500/938]  {a: [1", "2]}", 'a "quoted"\n  line\\'];
  const history = [
    { step: 1, loss: 2.5 },
    { step: 2, loss: 1.5 },
  ];
  saveResults("98-test", { parameters: { log }, runs: [{ ...run, history }] }, folder);
  const text = readFileSync(join(folder, "98-test.json"), "utf8");
  rmSync(join(folder, "98-test.json"));
  assert.match(text, /\n *\{"step": 1, "loss": 2.5\},\n *\{"step": 2, "loss": 1.5\}\n/);
  assert.deepEqual(JSON.parse(text).parameters, { log });
});

test("a number that JSON cannot hold is refused, and the earlier file stays", () => {
  const before = readFileSync(join(folder, "99-test.json"), "utf8");
  const diverged = { ...run, final: { loss: Number.NaN } };
  assert.throws(() => saveResults("99-test", { parameters: {}, runs: [diverged] }, folder), /"loss" is NaN/);
  assert.equal(readFileSync(join(folder, "99-test.json"), "utf8"), before);
  assert.deepEqual(readdirSync(folder), ["99-test.json"]);
});
