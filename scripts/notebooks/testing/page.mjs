import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectEnvironment } from "../../setup/environment.mjs";
import { python, root } from "../../setup/paths.mjs";
import { withMathematics } from "../mathematics.mjs";

/**
 * The page of a notebook of these cells, as a document.
 *
 * @param {Record<string, unknown>[]} cells Made by `markdown` and `code`.
 * @param {object} [options]
 * @param {Record<string, unknown>} [options.metadata] The notebook's.
 * @param {Record<string, Uint8Array>} [options.files] What lies beside the notebook, named "notebook.ipynb".
 */
export function pageOf(cells, { metadata = {}, files = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const [notebook, page] = [join(folder, "notebook.ipynb"), join(folder, "notebook.html")];
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const numbered = cells.map((cell, index) => ({ id: `cell-${index}`, ...cell }));
    writeFileSync(notebook, JSON.stringify({ cells: numbered, metadata, nbformat: 4, nbformat_minor: 5 }));
    const { status, stderr } = spawnSync(python, [join(root, "scripts/python/page.py"), notebook, page], {
      encoding: "utf8",
      env: projectEnvironment(),
    });
    assert.equal(status, 0, stderr);
    const { page: html, faults } = withMathematics(readFileSync(page, "utf8"));
    const { JSDOM } = createRequire(import.meta.url)("jsdom");
    return { document: new JSDOM(html).window.document, faults };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string | string[]} source */
export const markdown = (source) => ({ cell_type: "markdown", metadata: {}, source });

/**
 * @param {string} source
 * @param {...Record<string, string>} bundles What it displays, by MIME type.
 */
export const code = (source, ...bundles) => ({
  ...{ cell_type: "code", metadata: {}, execution_count: 1, source },
  outputs: bundles.map((data) => ({ output_type: "display_data", metadata: {}, data })),
});
