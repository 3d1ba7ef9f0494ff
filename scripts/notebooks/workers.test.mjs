import assert from "node:assert/strict";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseSelection } from "./select.mjs";
import { parseWorkers, runsText, workerEnvironment } from "./workers.mjs";

const GIGABYTE = 2 ** 30;

test("the number of workers is an integer that the memory allows", () => {
  assert.equal(parseWorkers("4", { profile: "full", free: 9 * GIGABYTE }), 4);
  for (const text of ["0", "-1", "1.5", "two", ""]) {
    assert.throws(() => parseWorkers(text, { profile: "full" }), /expected an integer from 1 on/);
  }
  assert.throws(
    () => parseWorkers("5", { profile: "full", free: 9 * GIGABYTE }),
    /5 workers take about 10\.0 GB of memory, of which 9\.0 GB are free: at most 4/,
  );
  assert.equal(parseWorkers("1", { profile: "full", free: GIGABYTE }), 1);
});

test("the smoke profile, which finds no records, has no workers to share them", () => {
  assert.throws(() => parseSelection(["--profile", "smoke", "--workers", "2"], []), /trains every run anew/);
  assert.equal(parseSelection(["--profile", "smoke", "--workers", "1"], []).workers, 1);
});

test("workers share the cores, and all but the first have results of their own", () => {
  assert.deepEqual(workerEnvironment(1, 1, { A: "b" }), { A: "b" });
  const [first, second] = [1, 2].map((worker) => workerEnvironment(worker, 2, { A: "b" }));
  const threads = `${Math.max(1, Math.floor(availableParallelism() / 2))}`;
  assert.deepEqual(first, { A: "b", WEIGHTSPACE_THREADS: threads, OMP_NUM_THREADS: threads });
  assert.match(second?.["WEIGHTSPACE_RESULTS"] ?? "", /workers\W2\Wresults$/);
  assert.equal(workerEnvironment(1, 10_000, {})["WEIGHTSPACE_THREADS"], "1");
});

test("a folder of records tells how many runs go on and how many are done since the start", () => {
  const folder = mkdtempSync(join(tmpdir(), "records-"));
  assert.equal(runsText(join(folder, "none"), 0), "");
  for (const name of ["a.json", "old.json", "b.lock", "c.lock", "c.safetensors"])
    writeFileSync(join(folder, name), "");
  const now = Date.now();
  utimesSync(join(folder, "old.json"), 1, 1);
  assert.equal(runsText(folder, now - 60_000, now), "2 running, 1 done, 60 an hour");
  rmSync(folder, { recursive: true });
});
