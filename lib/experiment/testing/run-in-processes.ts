import { RunStore } from "../run-store";
import { sharedExperiment } from "./shared-experiment";
import "../../notebook/use-environment";

/** Runs the shared experiment with two seeds in two processes: `run-in-processes.ts FOLDER`. It prints their names. */
async function main(folder: string): Promise<void> {
  const configs = [{ seed: 1 }, { seed: 2 }];
  const runs = await new RunStore(folder).runAll(configs, await sharedExperiment(), { workers: 2 });
  console.log(runs.map(({ name }) => name).join(" and "));
}

void main(process.argv[2]!);
