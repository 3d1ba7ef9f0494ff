import { createInterface } from "node:readline";
import { backendText } from "../../lib";
import { tasks } from "./tasks";

/** Our side of the bench, in a process of its own, whose requests and answers are those of scripts/python/bench.py. */
async function main(): Promise<void> {
  console.log(JSON.stringify({ versions: backendText() }));
  let current = "";
  let work = () => {};
  for await (const line of createInterface(process.stdin)) {
    const { task, count } = JSON.parse(line);
    if (task !== current) {
      current = task;
      work = tasks[task]!();
      work();
    }
    const started = performance.now();
    for (let i = 0; i < count; i++) work();
    console.log(JSON.stringify({ milliseconds: (performance.now() - started) / count }));
  }
}

void main();
