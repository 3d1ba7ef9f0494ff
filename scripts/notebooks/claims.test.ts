import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readResults } from "../../lib";
import { projectFolder } from "../../lib/notebook/project";
import { cellsOf, notebooksFolder } from "./replay/notebook-source";
import { unclaimedAnswer } from "./testing/readme-row";
import { faultsOfClaims } from "./testing/rederive-claims";

const notebooks = readdirSync(notebooksFolder)
  .filter((file) => /^\d\d-.*\.ipynb$/.test(file))
  .map((file) => file.replace(".ipynb", ""));

for (const notebook of notebooks) {
  const { claims } = readResults(join(notebooksFolder, "results", `${notebook}.json`));
  if (claims || /\bnew Claims\(/.test(cellsOf(notebook))) {
    test(`${notebook}: its claims follow from its committed runs and hold`, async () => {
      assert.deepEqual(await faultsOfClaims(notebook), []);
    });

    test(`${notebook}: the README's answer consists of its claims`, () => {
      const readme = readFileSync(join(projectFolder, "README.md"), "utf8");
      const left = unclaimedAnswer(readme, notebook, claims ?? []);
      assert.equal(left, "", `The README answers “${left}”, which is no claim of the notebook`);
    });
  } else {
    test(`${notebook}: its sentences, which are no claims yet, are checked by a test of their own`, () => {
      assert.ok(existsSync(join(__dirname, `claims-${notebook.slice(0, 2)}.test.ts`)));
    });
  }
}
