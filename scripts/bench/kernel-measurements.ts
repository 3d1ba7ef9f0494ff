import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "../../kernel/testing/client";
import { descendants } from "../../kernel/testing/processes";
import { RandomState } from "../../lib/random/numpy";
import { type Times, timesOf } from "./times";

/** A cell as one types it, in which completion is asked for at random places. */
const TYPED = `import { readFileSync } from "node:fs";
const lines = readFileSync("/etc/hostname", "utf8").split("\\n");
const lengths = lines.map((line) => line.trim().length).filter((length) => length > 0);
console.log(Math.max(...lengths), lengths.reduce((sum, length) => sum + length, 0));`;

const DEFINE_TRAINING = `import { compile, tf } from "../lib";
const weights = tf.variable(tf.randomNormal([400, 400]));
const step = compile(() => {
  weights.assign(tf.mul(tf.matMul(weights, weights), 1e-3));
  return tf.sum(weights);
});`;

/** A declaration cell. */
export async function declarations(client: Client): Promise<Times> {
  return repeated(10, (i) => client.execute(`const b${i} = ${i}; const f${i} = (x: number) => x + b${i};`));
}

/** Completion at 100 random places of a cell. */
export async function completions(client: Client): Promise<Times> {
  const random = new RandomState(0);
  await client.execute("1");
  const place = () => Math.floor(random.rand(1)[0]! * TYPED.length);
  return repeated(100, () => client.request("complete_request", { code: TYPED, cursor_pos: place() }));
}

/** Completion, asked for once a cell that loops synchronously for a second has begun. */
export async function busyCompletions(client: Client): Promise<Times> {
  const samples: number[] = [];
  for (let i = 0; i < 5; i++) {
    const busy = client.execute("{ const end = Date.now() + 1000; while (Date.now() < end); }");
    await sleep(200);
    samples.push(await timed(() => client.request("complete_request", { code: "Math.at", cursor_pos: 7 })));
    await busy;
  }
  return timesOf(samples);
}

export const loopInterrupts = (client: Client) => interrupts(client, "for (;;);");

export const chainInterrupts = (client: Client) => interrupts(client, "for (;;) await null;");

export async function trainingInterrupts(client: Client): Promise<Times> {
  await client.execute(DEFINE_TRAINING);
  return interrupts(client, "for (;;) step().dispose();");
}

/** From SIGINT to the cell's end, 100 times at random moments of an endless cell. */
async function interrupts(client: Client, endless: string): Promise<Times> {
  const random = new RandomState(0);
  const samples: number[] = [];
  await client.execute("1");
  for (let i = 0; i < 100; i++) {
    const running = client.execute(endless);
    await sleep(100 + 50 * random.rand(1)[0]!);
    samples.push(
      await timed(async () => {
        client.process.kill("SIGINT");
        await running;
      }),
    );
  }
  return timesOf(samples);
}

/** A loop that prints 20,000 lines, to the arrival of the last. */
export async function flood(client: Client): Promise<Times> {
  await client.execute("1");
  return repeated(5, () => client.execute("for (let i = 0; i < 20000; i++) console.log(i);"));
}

/** 2,000 cells that declare and print, and the memory of the kernel's processes after them. */
export const manyCells = (client: Client) => cells(client, 2000);

export const fewerCells = (client: Client) => cells(client, 200);

async function cells(client: Client, count: number): Promise<Times> {
  const times = await repeated(count, (i) =>
    client.execute(
      `const value${i % 50} = Array.from({ length: 10 }, (_, j) => j * ${i}); console.log(value${i % 50});`,
    ),
  );
  return { ...times, megabytes: memoryOf(client.process.pid!) };
}

/** Resident memory of a process and all that it has started, in megabytes. */
function memoryOf(root: number): number {
  const processes = [root, ...descendants(root)].join(",");
  const sizes = execFileSync("ps", ["-o", "rss=", "-p", processes], { encoding: "utf8" });
  const kilobytes = sizes.trim().split(/\s+/).map(Number);
  return kilobytes.reduce((sum, size) => sum + size, 0) / 1024;
}

async function repeated(count: number, work: (i: number) => Promise<unknown>): Promise<Times> {
  const samples: number[] = [];
  for (let i = 0; i < count; i++) samples.push(await timed(() => work(i)));
  return timesOf(samples);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
