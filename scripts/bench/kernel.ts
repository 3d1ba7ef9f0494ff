import { dirname, join } from "node:path";
import { Client } from "../../kernel/testing/client";
import { projectFolder } from "../../lib/notebook/project";
import * as measurements from "./kernel-measurements";
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
 * This project's kernel beside tslab's own, in milliseconds. What the stock kernel does not end has no other side: it
 * loses lines of a flood, now and then the status after an interrupt, and cannot interrupt a chain of promises.
 */
export async function benchKernel({ repeats = 5 } = {}): Promise<Comparison[]> {
  const starts = {
    ours: await measureStarts(undefined, repeats),
    stock: await measureStarts(stock, repeats),
  };
  const compared = (name: string, part: keyof Starts): Comparison => ({
    name: `kernel: ${name}`,
    ours: starts.ours[part],
    others: { "stock tslab": starts.stock[part] },
  });
  return [
    compared("from start to ready", "ready"),
    compared("from start to first result", "first"),
    compared("declaration, tfjs imported", "declaration"),
    ...(await compareSides("completion", measurements.completions)),
    ...(await compareSides("completion while a cell computes for 1 s", measurements.busyCompletions)),
    await ours("interrupt of a synchronous loop, 100", measurements.loopInterrupts),
    await ours("interrupt of a chain of promises, 100", measurements.chainInterrupts),
    await ours("interrupt of a compiled training, 100", measurements.trainingInterrupts),
    await ours("20,000 lines printed", measurements.flood),
    await ours("a cell, of 2,000; memory after them", measurements.manyCells),
    await ours("the same; memory after the first 200", measurements.fewerCells),
  ];
}

type Measurement = (client: Client) => Promise<Times>;

async function compareSides(name: string, measure: Measurement): Promise<Comparison[]> {
  const { ours } = await withKernel(undefined, measure);
  const others = { "stock tslab": (await withKernel(stock, measure)).ours };
  return [{ name: `kernel: ${name}`, ours, others }];
}

async function ours(name: string, measure: Measurement): Promise<Comparison> {
  return { name: `kernel: ${name}`, ...(await withKernel(undefined, measure)), others: {} };
}

async function withKernel(command: string[] | undefined, measure: Measurement): Promise<{ ours: Times }> {
  const client = await Client.start({ cwd: notebooks, command });
  try {
    return { ours: await measure(client) };
  } finally {
    await client.close();
  }
}

type Starts = Record<"ready" | "first" | "declaration", Times>;

async function measureStarts(command: string[] | undefined, repeats: number): Promise<Starts> {
  const samples: { ready: number; first: number; declaration: number }[] = [];
  for (let i = 0; i < repeats; i++) {
    const started = performance.now();
    const client = await Client.start({ cwd: notebooks, command });
    const ready = performance.now() - started;
    await client.execute("1 + 1");
    const first = performance.now() - started;
    await client.execute('import * as tf from "@tensorflow/tfjs"');
    const declaration = (await measurements.declarations(client)).median;
    await client.close();
    samples.push({ ready, first, declaration });
  }
  const times = (part: keyof Starts) => timesOf(samples.map((sample) => sample[part]));
  return { ready: times("ready"), first: times("first"), declaration: times("declaration") };
}
