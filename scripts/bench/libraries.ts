import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Comparison } from "./report";
import { Side } from "./side";
import { tasks } from "./tasks";

const ROUNDS = 7;
/** How long a round of one task takes on one side, in milliseconds. */
const ROUND = 300;
/** For how long idle threads of the side whose turn is over may go on spinning, in milliseconds. */
const SPIN = 300;

/**
 * Training steps, linear algebra and random streams beside PyTorch and NumPy, on as many threads. The two sides take
 * turns, so that whatever else the machine does disturbs both; the best of the rounds counts.
 */
export async function benchLibraries(python: string, threads: number): Promise<Comparison[]> {
  const ours = await Side.start(
    [process.execPath, "--import", "tsx", join("scripts", "bench", "worker.ts")],
    { WEIGHTSPACE_THREADS: `${threads}` },
  );
  const theirs = existsSync(python)
    ? await Side.start([python, join("scripts", "python", "bench.py"), `${threads}`], {
        OMP_NUM_THREADS: `${threads}`,
      })
    : undefined;
  console.log(`${threads} threads: ${ours.versions}; ${theirs?.versions ?? "no PyTorch"}`);
  const comparisons: Comparison[] = [];
  for (const name of Object.keys(tasks)) comparisons.push(await compare(name, threads, ours, theirs));
  await ours.close();
  await theirs?.close();
  return comparisons;
}

async function compare(name: string, threads: number, ours: Side, theirs?: Side): Promise<Comparison> {
  const sides = theirs ? [ours, theirs] : [ours];
  const counts: number[] = [];
  for (const side of sides) counts.push(Math.ceil(ROUND / (await side.measure(name, 1))));
  const best = sides.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, side] of sides.entries()) {
      await sleep(SPIN);
      best[i] = Math.min(best[i]!, await side.measure(name, counts[i]!));
    }
  }
  return { name, threads, ours: best[0]!, other: best[1], otherName: "PyTorch or NumPy" };
}
