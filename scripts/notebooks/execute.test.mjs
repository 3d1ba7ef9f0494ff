import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { projectEnvironment } from "../setup/environment.mjs";
import { python, root } from "../setup/paths.mjs";
import { faultOfRender, keyResult } from "./execute.mjs";

/**
 * A cell of an executed notebook.
 *
 * @typedef {{ outputs: { text?: string | string[], ename?: string }[] }} Cell
 */

/**
 * Writes a notebook of code cells that carry an old output, for Python's kernel.
 *
 * @param {string[]} sources The cells' code.
 */
function write(...sources) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "notebook-")));
  const source = join(folder, "in.ipynb");
  const executed = join(folder, "out.ipynb");
  const page = join(folder, "out.html");
  const old = { output_type: "stream", name: "stdout", text: "old" };
  writeFileSync(
    source,
    JSON.stringify({
      cells: sources.map((source, index) => ({
        cell_type: "code",
        id: `cell-${index}`,
        metadata: {},
        source,
        outputs: [old],
        execution_count: 9,
      })),
      metadata: { kernelspec: { name: "python3", display_name: "Python" } },
      nbformat: 4,
      nbformat_minor: 5,
    }),
  );
  const args = [join(root, "scripts/python/execute.py"), source, executed, page];
  return { folder, executed, page, args };
}

/**
 * Executes a notebook and reads it.
 *
 * @param {string[]} sources The cells' code.
 */
function execute(...sources) {
  const { folder, executed, page, args } = write(...sources);
  const { status, stdout } = spawnSync(python, args, { encoding: "utf8", env: projectEnvironment() });
  const messages = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  /** @type {{ cells: Cell[] }} */
  const { cells } = JSON.parse(readFileSync(executed, "utf8"));
  return { status, messages, cells, page, executed, folder };
}

/** @param {Cell} cell */
const text = (cell) => cell.outputs.map((output) => [output.text ?? output.ename].flat().join(""));

test("a notebook runs in its own folder and says which cell it is at", () => {
  const { status, messages, cells, page, folder } = execute("import os", "print(os.getcwd())");
  assert.equal(status, 0);
  assert.deepEqual(messages, [
    { cell: 1, of: 2 },
    { cell: 2, of: 2 },
  ]);
  assert.deepEqual(text(cells[1]), [`${folder}\n`]);
  assert.match(readFileSync(page, "utf8"), /<html/);
});

test("a notebook that fails is kept up to the failed cell, without outputs of an earlier run", () => {
  const { status, messages, cells, page } = execute("print(1)", "raise ValueError('on purpose')", "print(3)");
  assert.equal(status, 1);
  assert.match(messages.at(-1).error, /on purpose/);
  assert.deepEqual(cells.map(text), [["1\n"], ["ValueError"], []]);
  assert.ok(existsSync(page));
});

const skip = process.platform === "win32" && "there are no such signals";
const signals = /** @type {const} */ ([
  ["SIGTERM", 143],
  ["SIGINT", 130],
]);
for (const [signal, code] of signals) {
  test(`${signal} ends the kernel by SIGTERM, which it may heed, and leaves no notebook`, {
    skip,
  }, async () => {
    const { folder, executed, args } = write(
      `import os, signal, time
def end(*_):
    open("saved", "w").close()
    os._exit(0)
signal.signal(signal.SIGTERM, end)
open("ready", "w").close()
time.sleep(60)`,
    );
    const child = spawn(python, args, { env: projectEnvironment(), stdio: "ignore" });
    const ended = once(child, "close");
    while (!existsSync(join(folder, "ready"))) await sleep(50);
    child.kill(signal);
    assert.deepEqual(await ended, [code, null]);
    assert.ok(existsSync(join(folder, "saved")));
    assert.equal(existsSync(executed), false);
  });
}

test("the key result is what the notebook displays last under the result's MIME type", () => {
  /** @param {string} result */
  const show = (result) =>
    `from IPython.display import display\n` +
    `display({"application/vnd.weightspace.result+json": {"result": "${result}", "original": "1.398"}}, raw=True)`;
  const { executed } = execute(show("first"), show("1.39847"));
  assert.deepEqual(keyResult(executed), { result: "1.39847", original: "1.398" });
});

test("a notebook that names a path of this machine or is too large is unfit to commit", () => {
  assert.equal(faultOfRender(`{"text": "trained in /data"}`), undefined);
  assert.match(
    faultOfRender(JSON.stringify({ text: `at ${join(root, "lib", "index.ts")}:1` })) ?? "",
    /contain the path/,
  );
  assert.match(faultOfRender("é".repeat(1_500_001)) ?? "", /3000002 bytes, of at most 3000000/);
});
