import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { RunStore, readResults, writeResults } from "../../lib";
import { countingExperiment } from "../../lib/experiment/testing/counting";
import { packRecords } from "./pack";

test("finished runs are added to results, whose other parts stay; a store then finds them there", async ({
  mock,
}) => {
  mock.method(console, "log", () => {});
  const folder = mkdtempSync(join(tmpdir(), "pack-"));
  const file = join(folder, "results.json");
  const experiment = countingExperiment();
  const records = join(folder, "records");
  const runs = await new RunStore(records).runAll([{ seed: 1 }, { seed: 2 }, { seed: 3 }], experiment);
  const [first, second, unwanted] = runs.map(({ key }) => key);
  const claims = [{ text: "a claim", evidence: "a run", n: 1, holds: true as const }];
  const environment = { code: "c", node: "v", platform: "p", processor: "p", threads: 1, packages: {} };
  writeResults(file, { notebook: "99-test", parameters: { a: 1 }, environment, claims, runs: [runs[0]!] });
  const before = readResults(file);

  const wanted = [first!, second!, second!, "0123456789abcdef"];
  assert.deepEqual(packRecords(file, join(records, "99-test"), wanted), { added: 1, missing: 1 });
  const after = readResults(file);
  assert.deepEqual({ ...after, runs: [] }, { ...before, runs: [] });
  assert.deepEqual(after.runs, [runs[0], runs[1]]);
  assert.ok(!readFileSync(file, "utf8").includes(unwanted!));

  const elsewhere = new RunStore(join(folder, "none"), { committed: () => file });
  assert.deepEqual(elsewhere.find({ seed: 2 }, experiment), runs[1]);
  const content = readFileSync(file, "utf8");
  assert.deepEqual(packRecords(file, join(records, "99-test"), wanted), { added: 0, missing: 1 });
  assert.equal(readFileSync(file, "utf8"), content);
  assert.throws(() => packRecords(join(folder, "nothing.json"), records, wanted), /ENOENT/);
  rmSync(folder, { recursive: true });
});
