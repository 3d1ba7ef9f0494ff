import { type Comparison, report } from "./report";

/** The outcome of a whole `npm run bench`, as it is kept in docs/benchmarks.json. */
export interface Measurements {
  /** The machine and the versions. */
  head: string;
  comparisons: Comparison[];
}

/** The page docs/benchmarks.md, with a table for each number of threads, one for runs and one for the kernel. */
export function benchmarksPage({ head, comparisons }: Measurements): string {
  const ofLibraries = comparisons.filter(({ threads }) => threads !== undefined);
  const others = comparisons.filter(({ threads }) => threads === undefined);
  const ofRuns = others.filter(({ name }) => name.startsWith("runs:"));
  const ofKernel = others.filter((one) => !ofRuns.includes(one));
  const sections = [...new Set(ofLibraries.map(({ threads }) => threads!))].map((threads) => ({
    title: `Training and linear algebra, ${threads} thread${threads === 1 ? "" : "s"}`,
    part: ofLibraries.filter((comparison) => comparison.threads === threads),
  }));
  if (ofRuns.length > 0) sections.push({ title: "Runs that processes share", part: ofRuns });
  if (ofKernel.length > 0) sections.push({ title: "The kernel", part: ofKernel });
  const tables = sections.map(({ title, part }) => `## ${title}\n\n${report(part)}\n`);
  return [INTRODUCTION, `${head}\n`, ...tables].join("\n");
}

const INTRODUCTION = `# Benchmarks

\`npm run bench\` measures this project beside what it replaces, in one run in which the sides take turns, and writes this page and \`benchmarks.json\`. Times are milliseconds, the best of the rounds; MB is the memory of a side's own after them. Ratios are the other's time over ours, of the best and of the medians: above 1, this project is faster.

Our training steps are those of a whole training, with batches gathered and hits counted. PyTorch's find their batch ready, and in an epoch gather it at once, without a \`DataLoader\`. Other work on the machine moves all numbers.
`;
