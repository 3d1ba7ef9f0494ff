import { type Settings, useSettings } from "../settings/settings";
import type { Final } from "../training/training";
import type { Config } from "./config";
import type { Experiment, ExperimentModule } from "./experiment";
import type { ProcessWork } from "./process-work";
import { keyOf } from "./run-key";
import { RunStore } from "./run-store";

/** Trains the runs that it is sent, together with others; answers once it has loaded their experiment. */
async function main({ module, configs, keys, settings, folder, ...options }: ProcessWork): Promise<void> {
  const experiment = await load(module, settings);
  checkKeys(configs, keys, experiment);
  process.send!("started");
  const { launch, code, takeOverAfter, keepModel, checkpointEvery } = options;
  const store = new RunStore(folder, {
    launch,
    code: () => code,
    ...(takeOverAfter !== undefined && { takeOverAfter }),
  });
  await store.runAll(configs, experiment, {
    ...(keepModel !== undefined && { keepModel }),
    ...(checkpointEvery !== undefined && { checkpointEvery }),
  });
}

/** Loads the experiment. The settings are made after those that the module makes, so that they go before them. */
async function load(
  { file, name }: ExperimentModule,
  settings: Settings,
): Promise<Experiment<Config, Final>> {
  const exports = await exportsOf(file);
  useSettings(settings);
  const exported = exports[name];
  if (exported === undefined) {
    throw new Error(`${file} exports no ${name}, only ${Object.keys(exports).join(", ") || "nothing"}`);
  }
  return (typeof exported === "function" ? exported() : exported) as Experiment<Config, Final>;
}

/** What a module exports; `require` goes first, since the kernel's loader of TypeScript serves it alone. */
async function exportsOf(file: string): Promise<Record<string, unknown>> {
  try {
    return require(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_REQUIRE_ESM") throw error;
    return import(file);
  }
}

function checkKeys(configs: Config[], keys: string[], experiment: Experiment<Config, Final>): void {
  const other = configs.find((config, index) => keyOf(config, experiment) !== keys[index]);
  if (!other) return;
  throw new Error(
    `the experiment has other settings, data or another version than that of the caller: ` +
      `${experiment.nameOf(other)} has another key`,
  );
}

process.once("message", (work: ProcessWork) => {
  main(work).then(
    () => process.disconnect(),
    (error: Error) => {
      console.error(error.stack);
      process.exit(1);
    },
  );
});
// Where the caller has died, nobody waits for the runs: a checkpoint is written and the process ends.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
