import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readResults } from "../experiment/results";
import { Claims } from "./claims";
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

const statement = { text: "The loss falls to 0.5.", evidence: "final loss of a", n: 1 };
const claimsThat = (holds: boolean) => {
  const claims = new Claims();
  claims.add({ ...statement, holds });
  return claims;
};

test("claims are saved before the runs and read back", () => {
  saveResults("97-test", { parameters: {}, runs: [run], claims: claimsThat(true) }, folder);
  const file = join(folder, "97-test.json");
  const results = readResults(file);
  assert.deepEqual(Object.keys(results), ["notebook", "parameters", "environment", "claims", "runs"]);
  assert.deepEqual(results.claims, [{ ...statement, holds: true }]);
});

test("results with a claim that does not hold are refused, and the earlier file stays", () => {
  const file = join(folder, "97-test.json");
  const before = readFileSync(file, "utf8");
  const results = { parameters: {}, runs: [], claims: claimsThat(false) };
  assert.throws(() => saveResults("97-test", results, folder), {
    message: "1 of 1 claims do not hold:\n“The loss falls to 0.5.” Evidence: final loss of a, n = 1",
  });
  assert.equal(readFileSync(file, "utf8"), before);
});

test("in the smoke profile results are saved whatever their claims, as not checked", () => {
  process.env["WEIGHTSPACE_PROFILE"] = "smoke";
  try {
    saveResults("96-test", { parameters: {}, runs: [], claims: claimsThat(false) }, folder);
  } finally {
    delete process.env["WEIGHTSPACE_PROFILE"];
  }
  assert.deepEqual(readResults(join(folder, "96-test.json")).claims, [
    { ...statement, holds: "not checked" },
  ]);
});

test("a file whose claims are damaged is refused with the place", () => {
  const file = join(folder, "97-test.json");
  const results = readResults(file);
  const damaged = { ...results, claims: [{ ...results.claims![0], n: "many" }] };
  writeFileSync(file, JSON.stringify(damaged));
  assert.throws(() => readResults(file), /97-test\.json: claims\[0\]: n is many, expected an integer ≥ 1/);
  writeFileSync(file, JSON.stringify({ ...results, claims: {} }));
  assert.throws(() => readResults(file), /97-test\.json: claims is \{\}, expected a list/);
});
