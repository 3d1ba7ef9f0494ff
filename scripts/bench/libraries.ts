import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Comparison } from "./report";
import { Side } from "./side";
import type { Task } from "./task";
import { tasks } from "./tasks";
import { type Sample, timesOf } from "./times";

const ROUNDS = 7;
/** How long a round of one task takes on one side, in milliseconds. */
const ROUND = 300;
/** For how long idle threads of the side whose turn is over may go on spinning, in milliseconds. */
const SPIN = 300;

/**
 * Training steps, whole epochs, linear algebra and random streams beside PyTorch and NumPy, on as many threads. The
 * sides take turns, so that whatever else the machine does disturbs all.
 *
 * @param python Has PyTorch and NumPy; empty where there is none.
 * @param only Part of the names of the tasks that are measured. Default: all.
 */
export async function benchLibraries(python: string, threads: number, only = ""): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const task of tasks.filter(({ name }) => name.includes(only))) {
    const comparison = await compare(task, threads, existsSync(python) ? python : undefined);
    comparisons.push(comparison);
    const others = Object.entries(comparison.others).map(
      ([other, { best }]) => `${other} ${best.toFixed(2)}`,
    );
    console.log(
      `${threads} threads, ${task.name}: ours ${comparison.ours.best.toFixed(2)}, ${others.join(", ")} ms`,
    );
  }
  return comparisons;
}

/** What runs where, for the head of a report. */
export async function versions(python: string): Promise<string> {
  const texts: string[] = [];
  for (const side of Object.values(await sidesOf(python, 1, { isTraining: false }))) {
    texts.push(side.versions);
    await side.close();
  }
  return texts.join("; ");
}

/** Each task in processes of its own, so that none finds the memory that another has left. */
async function compare(task: Task, threads: number, python?: string): Promise<Comparison> {
  const { name } = task;
  const sides = await sidesOf(python, threads, task);
  const measured: Record<string, { count: number; samples: Sample[] }> = {};
  for (const [who, side] of Object.entries(sides)) {
    try {
      const { milliseconds } = await side.measure(name, 1);
      const count = Math.ceil(ROUND / milliseconds);
      measured[who] = { count, samples: [] };
    } catch (error) {
      if (who === "ours") throw error;
      console.log(`${name}: ${who} cannot: ${(error as Error).message.split("\n").at(-1)}`);
    }
  }
  for (let round = 0; round < (task.rounds ?? ROUNDS); round++) {
    for (const [who, { count, samples }] of Object.entries(measured)) {
      await sleep(SPIN);
      samples.push(await sides[who]!.measure(name, count));
    }
  }
  for (const side of Object.values(sides)) await side.close();
  const times = Object.entries(measured).map(
    ([who, { samples }]) =>
      [
        who,
        { ...timesOf(samples.map(({ milliseconds }) => milliseconds)), megabytes: samples.at(-1)!.megabytes },
      ] as const,
  );
  const { ours, ...others } = Object.fromEntries(times);
  const how = task.parallel === "batches" && threads > 1 ? " (threads share batches)" : "";
  return { name: `${name}${how}`, threads, ours: ours!, others };
}

async function sidesOf(
  python: string | undefined,
  threads: number,
  { isTraining, parallel = "kernels" }: Pick<Task, "isTraining" | "parallel">,
): Promise<Record<string, Side>> {
  const worker = [process.execPath, "--import", "tsx", join("scripts", "bench", "worker.ts")];
  const settings = { WEIGHTSPACE_THREADS: `${threads}`, WEIGHTSPACE_PARALLEL: parallel };
  const sides: Record<string, Side> = { ours: await Side.start(worker, settings) };
  if (!python) return sides;
  const rival = [python, join("scripts", "python", "bench.py"), `${threads}`];
  const env = { OMP_NUM_THREADS: `${threads}` };
  sides["PyTorch"] = await Side.start(rival, env);
  if (isTraining) sides["torch.compile"] = await Side.start([...rival, "--compile"], env);
  return sides;
}
