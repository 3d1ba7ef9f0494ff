import { join } from "node:path";
import { type Settings, useSettings } from "../settings/settings";
import { projectFolder } from "./project";

/** The settings by this project's environment variables and folders, read when they are asked for. */
const fromEnvironment: Settings = {
  get backend() {
    return variable("WEIGHTSPACE_BACKEND");
  },
  get threads() {
    return threadsIn("WEIGHTSPACE_THREADS") ?? threadsIn("TF_NUM_INTRAOP_THREADS");
  },
  get parallel() {
    return variable("WEIGHTSPACE_PARALLEL");
  },
  get dataFolder() {
    return variable("WEIGHTSPACE_DATA") ?? join(projectFolder, "data");
  },
  manifestFile: join(projectFolder, "data", "manifest.json"),
};

function variable(name: string): string | undefined {
  return process.env[name] || undefined;
}

function threadsIn(name: string): number | undefined {
  const text = variable(name);
  if (text === undefined) return undefined;
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1) {
    throw new Error(`${name} is "${text}"; expected a positive integer`);
  }
  return threads;
}

useSettings(fromEnvironment);
