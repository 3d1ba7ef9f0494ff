import { dirname, join } from "node:path";
import { Client } from "../../kernel/testing/client";
import { projectFolder } from "../../lib/notebook/project";
import type { Comparison } from "./report";
import { type Times, timesOf } from "./times";

const notebooks = join(projectFolder, "notebooks");
const stock = [
  process.execPath,
  join(dirname(require.resolve("tslab/package.json")), "bin", "tslab"),
  "kernel",
  "--config-path",
];

/**
 * This project's kernel beside tslab's own: the times from its start to its first answer and to its first result, and of a declaration
 * cell once a large library is imported (tfjs: the stock kernel cannot import ours). Milliseconds.
 */
export async function benchKernel({ repeats = 5 } = {}): Promise<Comparison[]> {
  const [ours, theirs] = [await measure(undefined, repeats), await measure(stock, repeats)];
  const compared = (name: string, part: keyof Measured): Comparison => ({
    name: `kernel: ${name}`,
    ours: ours[part],
    others: { "stock tslab": theirs[part] },
  });
  return [
    compared("from start to ready", "ready"),
    compared("from start to first result", "first"),
    compared("declaration, tfjs imported", "cell"),
  ];
}

type Measured = Record<"ready" | "first" | "cell", Times>;

async function measure(command: string[] | undefined, repeats: number): Promise<Measured> {
  const samples: { ready: number; first: number; cell: number }[] = [];
  for (let i = 0; i < repeats; i++) {
    const started = performance.now();
    const client = await Client.start({ cwd: notebooks, command });
    const ready = performance.now() - started;
    await client.execute("1 + 1");
    const first = performance.now() - started;
    await client.execute('import * as tf from "@tensorflow/tfjs"');
    const cells: number[] = [];
    for (let j = 0; j < 10; j++) {
      cells.push(
        await timed(() => client.execute(`const b${j} = ${j}; const f${j} = (x: number) => x + b${j};`)),
      );
    }
    await client.close();
    samples.push({ ready, first, cell: timesOf(cells).median });
  }
  const times = (part: keyof Measured) => timesOf(samples.map((sample) => sample[part]));
  return { ready: times("ready"), first: times("first"), cell: times("cell") };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
