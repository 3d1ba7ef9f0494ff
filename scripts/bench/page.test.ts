import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectFolder } from "../../lib/notebook/project";
import { benchmarksPage } from "./page";
import type { Comparison } from "./report";

const measured = (name: string, threads?: number): Comparison => ({
  name,
  ...(threads !== undefined && { threads }),
  ours: { best: 1, median: 1 },
  others: { PyTorch: { best: 2, median: 3 } },
});

test("the page has a table for each number of threads, one for runs, and one for the kernel", () => {
  const comparisons = [
    measured("step", 1),
    measured("svd", 1),
    measured("step", 2),
    measured("runs: a training"),
    measured("kernel: start"),
  ];
  const [intro = "", ...sections] = benchmarksPage({ head: "A processor, 2 threads", comparisons }).split(
    "\n## ",
  );
  assert.match(intro, /^# Benchmarks\n[\s\S]*\n\nA processor, 2 threads\n$/);
  assert.deepEqual(
    sections.map((section) => section.split("\n")[0]),
    [
      "Training and linear algebra, 1 thread",
      "Training and linear algebra, 2 threads",
      "Runs that processes share",
      "The kernel",
    ],
  );
  const rows = sections.map((section) => section.match(/^\| \w.*$/gm)!.map((row) => row.split(/ *\| */)[1]));
  assert.deepEqual(rows, [["step", "svd"], ["step"], ["runs: a training"], ["kernel: start"]]);
});

const file = join(projectFolder, "docs", "benchmarks.json");
const skip = !existsSync(file) && "no measurements are committed: npm run bench writes them";
test("docs/benchmarks.md is the page of the committed measurements", { skip }, () => {
  const page = readFileSync(join(projectFolder, "docs", "benchmarks.md"), "utf8");
  assert.equal(page, benchmarksPage(JSON.parse(readFileSync(file, "utf8"))));
});
