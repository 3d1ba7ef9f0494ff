import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectEnvironment } from "../setup/environment.mjs";
import { build, python, root } from "../setup/paths.mjs";
import { dryRun } from "./replay/dry-run.ts";

// Each notebook is executed by papermill itself, with parameters that differ from its smoke profile's: the runs that it
// stores must be those of these parameters, under the keys that a dry run with the same parameters gives. Notebook 01
// also trains networks whose sizes are ranks that it found: of these a dry run cannot know.

const overrides = {
  "00-subspace-training": {
    hiddenDim: 50,
    examples: 2560,
    omegaDims: [3],
    projectionDims: [],
    costDims: [],
    leNetSeeds: [],
  },
  "01-convergent-rank": { hiddenSizeBase: 32, examples: 384, nets: 4, testExamples: 500 },
  "02-weight-feedback": { examples: 640, testExamples: 500, lr: 0.02, seeds: [1, 3] },
  "03-zero-initialization": { leftWidth: 80, rightWidth: 80, examples: 320, lr: 0.05 },
  "04-linear-network": { steps: 50, tailSteps: 1000, modeSteps: 1200, mnistSteps: 1000 },
};

/**
 * What is read of a notebook's results.
 *
 * @typedef {object} Results
 * @property {Record<string, unknown>} parameters
 * @property {{ config: Record<string, unknown>, key: string, log: string[] }[]} runs
 */

/**
 * Executes a notebook with papermill, in the smoke profile but for these parameters.
 *
 * @param {string} notebook Its name.
 * @param {import("./replay/notebook-source.ts").Values} parameters
 * @returns {Results} What it saves.
 */
function papermill(notebook, parameters) {
  const output = join(build, `papermill-${notebook}.ipynb`);
  const results = join(build, "results", `${notebook}.json`);
  rmSync(results, { force: true });
  const source = join(root, "notebooks", `${notebook}.ipynb`);
  const args = ["-m", "papermill", source, output, "--cwd", join(root, "notebooks")];
  const { status, stderr } = spawnSync(
    python,
    [...args, "--parameters_yaml", JSON.stringify(parameters), "--no-progress-bar"],
    { encoding: "utf8", env: { ...projectEnvironment(), WEIGHTSPACE_PROFILE: "smoke" } },
  );
  assert.equal(status, 0, stderr);
  return JSON.parse(readFileSync(results, "utf8"));
}

/**
 * A dry run of the smoke profile; one of the full profile first tells which experiment each committed run is of.
 *
 * @param {string} notebook Its name.
 * @param {import("./replay/notebook-source.ts").Values} parameters
 */
async function smokeDryRun(notebook, parameters) {
  process.env.WEIGHTSPACE_PROFILE = "full";
  await dryRun(notebook);
  process.env.WEIGHTSPACE_PROFILE = "smoke";
  return dryRun(notebook, (params) => params.set(parameters));
}

for (const [notebook, parameters] of Object.entries(overrides)) {
  test(`${notebook} under papermill trains what its parameters say`, async () => {
    const results = papermill(notebook, parameters);
    for (const [name, value] of Object.entries(parameters)) {
      assert.deepEqual(results.parameters[name], value);
    }
    if (notebook.startsWith("04")) return; // It trains without records.
    const { keysOf } = await smokeDryRun(notebook, parameters);
    const known = results.runs.filter(({ config }) => keysOf.has(JSON.stringify(config)));
    for (const { config, key } of known) assert.ok(keysOf.get(JSON.stringify(config))?.includes(key));
    assert.ok(known.length === results.runs.length || (notebook.startsWith("01") && known.length > 20));
  });
}

test("00-subspace-training under papermill trains a network of the hidden size that it is given", () => {
  const { runs } = JSON.parse(readFileSync(join(build, "results", "00-subspace-training.json"), "utf8"));
  const [inputs, hidden, classes] = [784, 50, 10];
  const size = inputs * hidden + hidden + hidden ** 2 + hidden + hidden * classes + classes;
  const [{ log }] = runs;
  assert.match(log.join("\n"), new RegExp(`theta space has ${size} parameters`));
});
