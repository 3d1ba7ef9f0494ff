import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { npmFile, root } from "./paths.mjs";

const folder = process.env.WEIGHTSPACE_TENSORFLOW || join(root, ".tensorflow");
const quiet = join(folder, "quiet.node");
const needed = { skip: existsSync(quiet) ? false : "no native backend of a recent set-up" };

/**
 * Runs a program with TensorFlow's own settings; oneDNN is switched on, whatever the processor.
 *
 * @param {string} program
 * @param {NodeJS.ProcessEnv} [env] More of its environment.
 * @returns What it writes to stderr.
 */
function run(program, env = {}) {
  const args = ["--require", npmFile("tsx", "dist/cjs/index.cjs"), "--eval", program];
  const { TF_CPP_MIN_LOG_LEVEL, ...rest } = process.env;
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...rest, TF_ENABLE_ONEDNN_OPTS: "1", ...env },
  });
  assert.equal(status, 0, stderr);
  return stderr;
}

const start = 'require("./lib/backend/backend").backend()';

test("TensorFlow starts without a word", needed, () => {
  assert.equal(run(start), "");
});

test("TensorFlow says all that it has to say where its log level is 0", needed, () => {
  assert.match(run(start, { TF_CPP_MIN_LOG_LEVEL: "0" }), /oneDNN custom operations are on/);
});

test("what else is written while a library is being loaded is passed on", needed, () => {
  const load = `require(${JSON.stringify(quiet)}).load("/nowhere.so"); console.error("after")`;
  const stderr = run(load, { LD_DEBUG: "files" });
  assert.match(stderr, /\/nowhere\.so(.|\n)*after\n/);
});
