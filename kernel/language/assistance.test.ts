import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { complete, inspect, warmUp } from "./assistance";
import { Compiler } from "./compiler";
import { completenessOf } from "./completeness";
import { questionOf } from "./question";

const notebooks = join(__dirname, "..", "..", "notebooks");
const compiler = new Compiler(notebooks);

/** The ten shortest code cells of the notebooks that are not trivial. */
const cells = readdirSync(notebooks)
  .filter((name) => name.endsWith(".ipynb"))
  .flatMap((name) => JSON.parse(readFileSync(join(notebooks, name), "utf8")).cells)
  .filter(({ cell_type }) => cell_type === "code")
  .map(({ source }) => [source].flat().join("") as string)
  .filter((code) => code.length >= 80)
  .sort((a, b) => a.length - b.length)
  .slice(0, 10);

// Without the library, whose types would make checking each position take ten times as long.
const declarations = `import { readFileSync } from "node:fs";
declare const params: { steps: number; seeds: number[] };
declare function svd(a: number[][]): { u: number[][]; s: Float64Array };
declare class MLP { forward(x: number[]): number[]; }
declare function display(value: unknown): Promise<void>;
`;

function checkShape(code: string, cursor_pos: number): void {
  const completion = complete(compiler, declarations, { code, cursor_pos });
  const { cursor_start: start, cursor_end: end, matches } = completion;
  assert.ok(0 <= start && start <= cursor_pos && cursor_pos <= end && end <= [...code].length);
  assert.equal(new Set(matches).size, matches.length);
  assert.equal(completion.metadata._jupyter_types_experimental.length, matches.length);
  const { status, found, data } = inspect(compiler, declarations, { code, cursor_pos, detail_level: 1 });
  assert.equal(status, "ok");
  assert.deepEqual(Object.keys(data), found ? ["text/plain", "text/markdown"] : []);
  assert.doesNotMatch(JSON.stringify(data), /__tslab__|__prev__/);
}

cells.forEach((cell, index) => {
  test(`at every place of a real cell, whole or broken off there, an answer has its shape: ${index}`, () => {
    const points = [...cell];
    for (let cursor = 0; cursor <= points.length; cursor++) checkShape(cell, cursor);
    for (let cut = index; cut < points.length; cut += 30) {
      const prefix = points.slice(0, cut).join("");
      checkShape(prefix, cut);
      checkShape(`${prefix}👩‍🔬${points.slice(cut + 3).join("")}`, cut);
    }
    for (let cut = 0; cut < points.length; cut++) {
      const prefix = points.slice(0, cut).join("");
      questionOf(prefix);
      assert.match(completenessOf(prefix).status, /^(complete|incomplete|invalid)$/);
    }
  });
});

test("warming up leaves completion as it is", () => {
  warmUp(compiler, declarations);
  const { matches } = complete(compiler, declarations, { code: "params.st", cursor_pos: 9 });
  assert.deepEqual(matches, ["steps"]);
});
