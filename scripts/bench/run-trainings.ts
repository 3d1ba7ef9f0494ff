import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunStore } from "../../lib";
import { countingExperiment } from "../../lib/experiment/testing/counting";
import { useSettings } from "../../lib/settings/settings";
import { smallTrainings } from "./small-trainings";

/**
 * Trains in a process of its own: `run-trainings.ts COUNT WORKERS THREADS`, or with 0 workers as many runs that do
 * nothing. It prints the seconds of all and its memory in megabytes as JSON.
 */
async function main([count = 0, workers = 0, threads = 1]: number[]): Promise<void> {
  useSettings({ threads });
  console.log = () => undefined;
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const store = new RunStore(folder);
  const configs = Array.from({ length: count }, (_, seed) => ({ seed }));
  const started = performance.now();
  if (workers === 0) await store.runAll(configs, countingExperiment());
  else await store.runAll(configs, await smallTrainings(), { workers });
  const seconds = (performance.now() - started) / 1000;
  const megabytes = process.memoryUsage().rss / 2 ** 20;
  rmSync(folder, { recursive: true });
  process.stdout.write(`\n${JSON.stringify({ seconds, megabytes })}\n`);
}

main(process.argv.slice(2).map(Number)).catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
