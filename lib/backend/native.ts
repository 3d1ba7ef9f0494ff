import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import { setting } from "../settings/settings";
import { registerBetterKernels } from "./native-kernels";
import { type Parallel, WAYS } from "./parallel";
import { setTensorFlowVariables } from "./tensorflow-variables";

/** The contents of `binding.json`, which the set-up writes beside the binding that it has built. */
interface Description {
  tensorflow: string;
  "tfjs-node-gpu": string;
  device: "cpu" | "gpu";
  platform: string;
}

/** Describes TensorFlow as it was loaded. */
export interface Native {
  device: "cpu" | "gpu";
  /** The version of TensorFlow. */
  version: string;
  threads: number;
  parallel: Parallel;
  /** A remark for the reader, such as that no GPU was found. */
  note?: string;
}

const BUILT_BY = "npm run setup builds it";

/**
 * Loads TensorFlow and makes it tfjs's backend. It computes with as many threads as the machine has, or as the setting
 * `threads` says, which share what the setting `parallel` says; on a GPU in float32, as PyTorch does, not in TF32,
 * unless the environment variable `NVIDIA_TF32_OVERRIDE` is 1.
 *
 * @throws Error that says what is missing or does not fit.
 */
export function loadNative(): Native {
  const folder = bindingFolder();
  const description = describedIn(folder);
  const threads = threadsAsked();
  const parallel = parallelAsked();
  if (setTensorFlowVariables(threads, parallel).isQuiet) loadQuietly(folder);
  try {
    require("@tensorflow/tfjs-node-gpu");
  } catch (error) {
    if (tf.findBackendFactory("tensorflow")) tf.removeBackend("tensorflow");
    throw new Error(`${folder}: ${(error as Error).message}`);
  }
  const binding = loadedBinding()!;
  expect(folder, "TensorFlow", binding.TF_Version, description.tensorflow);
  registerBetterKernels();
  const device = binding.isUsingGpuDevice() ? "gpu" : "cpu";
  const note = device === description.device ? undefined : "built for GPUs, of which it found none";
  return { device, version: binding.TF_Version, threads, parallel, note };
}

/** The binding of the native backend; undefined while another backend, or none yet, runs. */
export function loadedBinding(): TFJSBinding | undefined {
  return tf.getBackend() === "tensorflow" ? (tf.backend() as NodeJSKernelBackend).binding : undefined;
}

function describedIn(folder: string): Description {
  const file = join(folder, "binding.json");
  if (!existsSync(file)) throw new Error(`${folder} holds no TensorFlow binding; ${BUILT_BY}`);
  const description: Description = JSON.parse(readFileSync(file, "utf8"));
  const { version } = require("@tensorflow/tfjs-node-gpu/package.json");
  expect(folder, "@tensorflow/tfjs-node-gpu", description["tfjs-node-gpu"], version);
  expect(folder, "platform", description.platform, `${process.platform}-${process.arch}`);
  return description;
}

function expect(folder: string, what: string, found: string, expected: string): void {
  if (found !== expected) {
    throw new Error(`the binding in ${folder} is for ${what} ${found}, expected ${expected}; ${BUILT_BY}`);
  }
}

/** The folder in which @tensorflow/tfjs-node-gpu finds its binding. */
function bindingFolder(): string {
  const packageFile = require.resolve("@tensorflow/tfjs-node-gpu/package.json");
  return dirname(createRequire(packageFile)("@mapbox/node-pre-gyp").find(packageFile));
}

function threadsAsked(): number {
  const threads = setting("threads") ?? availableParallelism();
  if (!Number.isInteger(threads) || threads < 1) {
    throw new Error(`the setting threads is ${threads}; expected a positive integer`);
  }
  return threads;
}

function parallelAsked(): Parallel {
  const text = setting("parallel") ?? "kernels";
  const way = WAYS.find((known) => known === text);
  if (!way) throw new Error(`the setting parallel is "${text}"; expected ${WAYS.join(" or ")}`);
  return way;
}

/**
 * Loads TensorFlow's first library without printing its line on oneDNN, which only `TF_ENABLE_ONEDNN_OPTS=0` would
 * silence. The native module that does so lies beside the bindings that a recent set-up has built.
 */
function loadQuietly(folder: string): void {
  const quiet = join(folder, "quiet.node");
  if (!existsSync(quiet)) return;
  const libraries = readdirSync(join(folder, "tensorflow"));
  const first = libraries.find((name) => name.startsWith("libtensorflow_framework"));
  if (first) require(quiet).load(join(folder, "tensorflow", first));
}
