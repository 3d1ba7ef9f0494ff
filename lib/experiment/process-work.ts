import type { Settings } from "../settings/settings";
import type { Config } from "./config";
import type { ExperimentModule } from "./experiment";

/** What a process of `run-process.ts` is to train. */
export interface ProcessWork {
  module: ExperimentModule;
  configs: Config[];
  /** Their keys, by which it checks that it trains the same experiment. */
  keys: string[];
  settings: Settings;
  folder: string;
  launch: string;
  code: string;
  takeOverAfter?: number | undefined;
  keepModel?: boolean | undefined;
  checkpointEvery?: number | undefined;
}
