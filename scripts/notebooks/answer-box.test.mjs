import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { projectEnvironment } from "../setup/environment.mjs";
import { build, python, root } from "../setup/paths.mjs";

// The first cell of a notebook displays the box and its last cell fills it. The executed notebook must hold the filled
// box as the output of the first cell, since that is what GitHub, the HTML page and JupyterLab show.

/** @type {string} */
let folder;
before(() => {
  mkdirSync(build, { recursive: true });
  folder = mkdtempSync(join(build, "answer-box-"));
});
after(() => rmSync(folder, { recursive: true }));

/** @param {string} condition The condition of the notebook's claim. */
const cellsWith = (condition) => [
  'import { answerBox } from "../../lib/notebook/answer-box";\nconst answer = await answerBox();',
  `import { Claims } from "../../lib/notebook/claims";
import { lineFigure } from "../../lib/figures";
const claims = new Claims();
const sum = claims.add({ text: \`2 + 2 = \${2 + 2} < 5.\`, holds: ${condition}, evidence: "one sum", n: 1 });`,
  `await answer.fill([sum], {
  scope: "Holds for integers.",
  figure: lineFigure({
    ...{ title: "Two points", x: { label: "x" }, y: { label: "y" } },
    series: [{ name: "a", x: [0, 1], y: [0, 1] }],
  }),
});`,
];

/**
 * Executes a notebook with these cells in the full profile.
 *
 * @param {string[]} sources
 * @param {(source: string, executed: string) => string[]} command The arguments of Python that execute it.
 */
function execute(sources, command) {
  const [source, executed] = [join(folder, "in.ipynb"), join(folder, "out.ipynb")];
  const cells = sources.map((source, index) => ({
    ...{ cell_type: "code", id: `cell-${index}`, metadata: {}, execution_count: null, outputs: [] },
    source,
  }));
  const metadata = { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } };
  writeFileSync(source, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
  const { status, stdout, stderr } = spawnSync(python, command(source, executed), {
    encoding: "utf8",
    cwd: folder,
    env: { ...projectEnvironment(), WEIGHTSPACE_PROFILE: "full" },
  });
  /** @type {{ cells: { outputs: { data?: Record<string, string | string[]>, evalue?: string }[] }[] }} */
  const notebook = JSON.parse(readFileSync(executed, "utf8"));
  return { status, printed: stdout + stderr, outputs: notebook.cells.map((cell) => cell.outputs) };
}

/** @param {string | string[] | undefined} text */
const joined = (text) => [text ?? []].flat().join("");

/** @type {Record<string, (source: string, executed: string) => string[]>} */
const commands = {
  nbconvert: (source, executed) => [
    ...[join(root, "scripts", "python", "execute.py"), source, executed, join(folder, "out.html")],
  ],
  papermill: (source, executed) => ["-m", "papermill", source, executed, "--no-progress-bar"],
};

for (const [name, command] of Object.entries(commands)) {
  test(`a notebook executed by ${name} stores the filled box and its figure in the first cell`, () => {
    const { status, printed, outputs } = execute(cellsWith("2 + 2 < 5"), command);
    assert.equal(status, 0, printed);
    const [box, picture, ...others] = outputs[0];
    assert.equal(joined(box.data?.["text/plain"]), "Answer\n2 + 2 = 4 < 5.\nHolds for integers.");
    assert.match(joined(box.data?.["text/html"]), /<p>2 \+ 2 = 4 &lt; 5\.<\/p>/);
    assert.ok(picture.data?.["application/vnd.plotly.v1+json"]);
    assert.match(joined(picture.data?.["image/png"]), /^iVBOR/);
    assert.deepEqual([others, outputs[2]], [[], []]);
  });
}

test("a notebook whose claim does not hold fails in the cell that fills the box, which stays empty", () => {
  const { status, outputs } = execute(cellsWith("2 + 2 > 5"), commands.nbconvert);
  assert.equal(status, 1);
  assert.equal(outputs[2][0].evalue, "1 of 1 claims do not hold:\n“2 + 2 = 4 < 5.” Evidence: one sum, n = 1");
  assert.match(joined(outputs[0][0].data?.["text/plain"]), /^Answer\nThe last cell fills in the answer/);
});
