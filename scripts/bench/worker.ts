import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { backendText } from "../../lib";
import { tasks } from "./tasks";
import type { Sample } from "./times";

/** Our side of the bench, in a process of its own, whose requests and answers are those of scripts/python/bench.py. */
async function main(): Promise<void> {
  console.log(JSON.stringify({ versions: backendText() }));
  const prepared = new Map<string, () => number>();
  for await (const line of createInterface(process.stdin)) {
    const { task, count } = JSON.parse(line);
    const run = prepared.get(task) ?? (await tasks.find(({ name }) => name === task)!.prepare());
    if (!prepared.has(task)) run();
    prepared.set(task, run);
    console.log(JSON.stringify(measured(run, count)));
  }
}

function measured(run: () => number, count: number): Sample {
  const started = performance.now();
  let done = 0;
  while (done < count) done += run();
  const milliseconds = (performance.now() - started) / done;
  return { milliseconds, megabytes: ownMegabytes() };
}

/** Resident memory without the pages of files, such as libraries. */
function ownMegabytes(): number {
  const [, kilobytes] = /^RssAnon:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))!;
  return (Number(kilobytes) * 1024) / 1e6;
}

void main();
