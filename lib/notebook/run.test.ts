import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { host, installHost, jupyterDisplay, type MimeBundle } from "../display/host";
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

test("with a figure the runs are displayed as they go, and whole at the end", async () => {
  const bundles: MimeBundle[] = [];
  const shown: number[][] = [];
  const terminal = host();
  installHost({ ...terminal, display: (bundle) => void bundles.push(bundle) });
  try {
    const experiment = countingExperiment();
    const finished = await runAll([{ seed: 11 }, { seed: 12 }], experiment, {
      figure(runs) {
        shown.push(runs.map(({ history }) => history.length));
        return { [jupyterDisplay]: () => ({ "text/plain": `${runs.length} runs` }) };
      },
    });
    assert.deepEqual(shown[0], []);
    assert.deepEqual(
      shown.at(-1),
      finished.map(({ history }) => history.length),
    );
    assert.equal(bundles.at(-1)!["text/plain"], "2 runs");
  } finally {
    installHost(terminal);
  }
});
