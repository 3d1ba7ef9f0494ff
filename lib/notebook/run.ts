import { join } from "node:path";
import { dataFolder } from "../data/fetch/manifest";
import type { Displayable } from "../display/display";
import { live } from "../display/live";
import type { Config } from "../experiment/config";
import type { Experiment, RunAllOptions, RunOptions } from "../experiment/experiment";
import type { FinishedRun } from "../experiment/finished-run";
import type { Run } from "../experiment/results";
import { RunStore } from "../experiment/run-store";
import type { Model } from "../training/model";
import type { Final } from "../training/training";
import { environment } from "./environment";
import { profile } from "./parameters";
import { committedResults } from "./results";

/**
 * Trains a configuration, or takes the finished record of the same configuration, settings, experiment version and data:
 * `RunStore.run` with the records under the data folder's `records`.
 *
 * In the full profile runs are also found among the committed results. In the smoke profile every run is trained anew.
 *
 * @throws InterruptedError where the user interrupts the cell or the process is asked to end
 */
export function run<C extends Config, F extends Final>(
  config: C,
  experiment: Experiment<C, F>,
  options: RunOptions = {},
): Promise<FinishedRun<F>> {
  return projectStore().run(config, experiment, options);
}

/** Options of a notebook's `runAll`. */
export interface NotebookRunOptions<F extends Final> extends RunAllOptions<F> {
  /** Draws the runs so far, at first none: it is displayed and drawn anew as they go. Default: nothing is displayed. */
  figure?: (runs: Run<F>[]) => Displayable;
}

/**
 * Trains several configurations, or takes their records. Other processes that execute the notebook at the same time share
 * them: `RunStore.runAll`.
 *
 * @throws as `run` does
 * @example
 * const runs = await runAll(configs, experiment, { figure: lossFigure });
 */
export async function runAll<C extends Config, F extends Final>(
  configs: C[],
  experiment: Experiment<C, F>,
  { figure, onHistory, ...options }: NotebookRunOptions<F> = {},
): Promise<FinishedRun<F>[]> {
  const store = projectStore();
  if (!figure) return store.runAll(configs, experiment, { ...options, onHistory });
  let current: Run<F>[] = [];
  const shown = await live(() => figure(current));
  const finished = await store.runAll(configs, experiment, {
    ...options,
    async onHistory(runs) {
      current = runs;
      await onHistory?.(runs);
      await shown.refresh();
    },
  });
  await shown.finish();
  return finished;
}

/**
 * The trained model of a run that was trained with `{ keepModel: true }`, for the caller to dispose of.
 *
 * @typeParam M What the experiment trains, such as `MLP`.
 * @throws Error where the model was not kept, cannot be read, or the training has none.
 * @example
 * const [first] = await runAll(configs, experiment, { keepModel: true });
 * const network = trainedModel<MLP>(first, experiment);
 */
export function trainedModel<M = Model, C extends Config = Config, F extends Final = Final>(
  run: Run<F>,
  experiment: Experiment<C, F>,
): M {
  return projectStore().model<M>(run, experiment as unknown as Experiment<Config, Final>);
}

function projectStore(): RunStore {
  const current = profile();
  return new RunStore(join(dataFolder(), "records"), {
    ...(current === "full" && { committed: committedResults }),
    fresh: current === "smoke",
    code: () => environment().code,
    launch: process.env["WEIGHTSPACE_LAUNCH"] || undefined,
  });
}
