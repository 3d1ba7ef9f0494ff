import { cpus } from "node:os";
import { join } from "node:path";
import { writeAtomically } from "../lib/files/write-atomically";
import { buildFolder } from "../lib/notebook/project";
import { benchKernel } from "./bench/kernel";
import { benchLibraries } from "./bench/libraries";
import { type Comparison, report } from "./bench/report";

/**
 * Measures this project beside what it replaces, in one run: `bench.ts PYTHON [kernel] [libraries]`, where PYTHON has
 * PyTorch and NumPy. Called by `npm run bench`.
 */
async function main([python, ...parts]: string[]): Promise<void> {
  const wanted = (part: string) => parts.length === 0 || parts.includes(part);
  const processor = `${cpus()[0]?.model.trim()}, ${cpus().length} threads, Node ${process.version}`;
  console.log(processor);
  const comparisons: Comparison[] = [];
  if (wanted("libraries")) {
    for (const threads of new Set([1, cpus().length])) {
      comparisons.push(...(await benchLibraries(python!, threads)));
    }
  }
  if (wanted("kernel")) comparisons.push(...(await benchKernel()));
  console.log(`\n${report(comparisons)}`);
  writeAtomically(join(buildFolder, "bench.json"), JSON.stringify({ processor, comparisons }, null, 1));
}

void main(process.argv.slice(2));
