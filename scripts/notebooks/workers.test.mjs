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
  const { WEIGHTSPACE_LAUNCH: launch, ...others } = first ?? {};
  assert.deepEqual(others, { A: "b", WEIGHTSPACE_THREADS: threads, OMP_NUM_THREADS: threads });
  assert.ok(launch);
  assert.equal(second?.["WEIGHTSPACE_LAUNCH"], launch);
  assert.match(second?.["WEIGHTSPACE_RESULTS"] ?? "", /workers\W2\Wresults$/);
  assert.equal(workerEnvironment(1, 10_000, {})["WEIGHTSPACE_THREADS"], "1");
});

test("a folder of records tells how far the runs of a launch are", () => {
  const folder = mkdtempSync(join(tmpdir(), "records-"));
  /** @param {string[]} names */
  const write = (...names) => {
    for (const name of names) writeFileSync(join(folder, name), "");
  };
  assert.equal(runsText(join(folder, "none"), "a"), "");
  const keys = ["earlier", "b", "c", "d", "e"];
  writeFileSync(join(folder, "current.list"), JSON.stringify({ launch: "a", keys }));
  const now = Date.now();
  utimesSync(join(folder, "current.list"), now / 1000 - 60, now / 1000 - 60);
  write("earlier.json", "other.json", "c.lock", "c.safetensors");
  utimesSync(join(folder, "earlier.json"), 1, 1);
  assert.equal(runsText(folder, "a", now), "1 of 5 runs done, 1 running");
  write("b.json", "d.failures");
  assert.equal(runsText(folder, "a", now), "2 of 5 runs done, 1 running, 60 an hour, 2 min left, 1 failed");
  assert.equal(runsText(folder, "another", now), "");
  rmSync(folder, { recursive: true });
});
