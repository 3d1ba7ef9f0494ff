import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { countingExperiment } from "../experiment/testing/counting";
import { environment } from "./environment";
import { run, runAll } from "./run";
import "./use-environment";

const folder = mkdtempSync(join(tmpdir(), "notebook-run-"));
process.env["WEIGHTSPACE_DATA"] = folder;
afterEach(() => {
  delete process.env["WEIGHTSPACE_PROFILE"];
});
after(() => {
  delete process.env["WEIGHTSPACE_DATA"];
  rmSync(folder, { recursive: true });
});

test("a notebook's runs are recorded under the data folder with the commit, and found but in the smoke profile", async () => {
  const trained: number[] = [];
  const experiment = countingExperiment(({ seed }) => void trained.push(seed));
  const first = await run({ seed: 1 }, experiment);
  assert.deepEqual([first.final, first.code], [{ last: 3 }, environment().code]);
  assert.ok(existsSync(join(folder, "records", "99-test", `${first.key}.json`)));
  process.env["WEIGHTSPACE_PROFILE"] = "quick";
  assert.deepEqual((await runAll([{ seed: 1 }, { seed: 2 }], experiment))[0], first);
  assert.deepEqual(trained, [1, 2]);
  process.env["WEIGHTSPACE_PROFILE"] = "smoke";
  await run({ seed: 1 }, experiment);
  assert.deepEqual(trained, [1, 2, 1]);
});
