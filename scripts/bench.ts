import { cpus } from "node:os";
import { join } from "node:path";
import { writeAtomically } from "../lib/files/write-atomically";
import { buildFolder, projectFolder } from "../lib/notebook/project";
import { ratioFigure } from "./bench/figure";
import { benchKernel } from "./bench/kernel";
import { benchLibraries, versions } from "./bench/libraries";
import { benchmarksPage } from "./bench/page";
import { benchProcesses } from "./bench/processes";
import { type Comparison, report } from "./bench/report";

/**
 * Measures this project beside what it replaces, in one run:
 * `bench.ts PYTHON [kernel] [processes] [libraries] [--only TEXT]`, where PYTHON has PyTorch and NumPy, and TEXT is part
 * of the names of the tasks that are measured. Called by `npm run bench`; leaves a table, and a figure for each number of
 * threads, in build/. A run of all parts and tasks beside PyTorch also writes docs/benchmarks.json and docs/benchmarks.md.
 */
async function main([python = "", ...words]: string[]): Promise<void> {
  const at = words.indexOf("--only");
  const [parts, only] = at < 0 ? [words, undefined] : [words.slice(0, at), words[at + 1]];
  const wanted = (part: string) => parts.length === 0 || parts.includes(part);
  const head = `${cpus()[0]?.model.trim()}, ${cpus().length} threads, Node ${process.version}; ${await versions(python)}`;
  console.log(head);
  const comparisons: Comparison[] = [];
  if (wanted("libraries")) {
    for (const threads of new Set([1, cpus().length])) {
      const measured = await benchLibraries(python, threads, only);
      comparisons.push(...measured);
      const title = `weightspace beside PyTorch and NumPy, ${threads} thread${threads === 1 ? "" : "s"}`;
      await ratioFigure(measured, title).save(join(buildFolder, `bench-${threads}.png`));
    }
  }
  if (wanted("processes")) comparisons.push(...benchProcesses());
  if (wanted("kernel")) comparisons.push(...(await benchKernel()));
  const text = `${head}\n\n${report(comparisons)}\n`;
  console.log(`\n${text}`);
  writeAtomically(join(buildFolder, "bench.md"), text);
  const json = `${JSON.stringify({ head, comparisons }, null, 1)}\n`;
  writeAtomically(join(buildFolder, "bench.json"), json);
  if (python === "" || words.length > 0) return;
  writeAtomically(join(projectFolder, "docs", "benchmarks.json"), json);
  writeAtomically(join(projectFolder, "docs", "benchmarks.md"), benchmarksPage({ head, comparisons }));
}

void main(process.argv.slice(2));
