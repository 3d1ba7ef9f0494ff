import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Comparison } from "./report";
import { type Sample, type Times, timesOf } from "./times";

const TRAININGS = 24;
/** How often the sides take turns. */
const ROUNDS = 2;

/** Runs that processes share, in milliseconds for one run: beside one process, and their cost where nothing is trained. */
export function benchProcesses(): Comparison[] {
  const cores = availableParallelism();
  const sides: Record<string, [workers: number, threads: number]> = {
    workers: [cores, 1],
    "one process, 1 thread": [1, 1],
    [`one process, ${cores} threads`]: [1, cores],
  };
  const samples = Object.fromEntries(Object.keys(sides).map((name): [string, Sample[]] => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, [workers, threads]] of Object.entries(sides)) {
      samples[name]!.push(measure(TRAININGS, workers, threads));
    }
  }
  const { workers, ...others } = samples;
  const trainings: Comparison = {
    name: `runs: a training of a few seconds, of ${TRAININGS}, by ${cores} workers`,
    ours: withMemory(workers!),
    others: Object.fromEntries(Object.entries(others).map(([name, times]) => [name, withMemory(times)])),
  };
  const empty = [1_000, 10_000].map((count) => ({
    name: `runs: one that does nothing, of ${count.toLocaleString("en-US")}; memory after them`,
    ours: withMemory([measure(count, 0, 1)]),
    others: {},
  }));
  return [trainings, ...empty];
}

function withMemory(samples: Sample[]): Times {
  const megabytes = Math.max(...samples.map((sample) => sample.megabytes));
  return { ...timesOf(samples.map(({ milliseconds }) => milliseconds)), megabytes };
}

function measure(count: number, workers: number, threads: number): Sample {
  const program = [join(__dirname, "run-trainings.ts"), ...[count, workers, threads].map(String)];
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", ...program], {
    encoding: "utf8",
  });
  const line = stdout.trim().split("\n").at(-1);
  if (!line?.startsWith("{")) throw new Error(`the trainings ended: ${stderr.trim()}`);
  const { seconds, megabytes } = JSON.parse(line);
  return { milliseconds: (1000 * seconds) / count, megabytes };
}
