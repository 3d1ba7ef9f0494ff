import * as tf from "@tensorflow/tfjs";
import type { TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding";
import { host, jupyterDisplay, type MimeBundle } from "../display/host";
import { setting } from "../settings/settings";
import { cleanUpAfterCutOff } from "./cut-off";
import { loadedBinding, loadNative } from "./native";
import type { Parallel } from "./parallel";

const NAMES = ["tensorflow", "wasm", "cpu"] as const;
type Name = (typeof NAMES)[number];

/** Describes the engine that computes with tensors. */
export interface Backend {
  /** `tensorflow` (native), `wasm` (WebAssembly) or `cpu` (plain JavaScript). */
  name: Name;
  /** The device that the engine computes on; `gpu` with TensorFlow only. */
  device: "cpu" | "gpu";
  /** The version of TensorFlow, or of tfjs on the other engines. */
  version: string;
  /** The number of threads, ≥ 1. */
  threads: number;
  /** How the threads divide the work. */
  parallel: Parallel;
  /** The reason why this engine was chosen. */
  why: string;
}

type Loaded = Omit<Backend, "name" | "why"> & { note?: string };

const inJavaScript: Loaded = {
  device: "cpu",
  version: tf.version["tfjs-core"],
  threads: 1,
  parallel: "kernels",
};

const loaders: Record<Name, () => Loaded> = {
  tensorflow: loadNative,
  wasm() {
    // Loaded here because it takes a while, which the other backends should not pay for.
    const { registerWasm } = require("./wasm/index") as typeof import("./wasm/index");
    registerWasm();
    return inJavaScript;
  },
  cpu: () => inJavaScript,
};

let chosen: Backend | undefined;

/**
 * The backend that runs; the first call, or the first use of `tf`, starts it for the whole process. It is the fastest
 * that loads: TensorFlow, else WebAssembly, else JavaScript; or the one that the setting `backend` names.
 *
 * @throws Error where that setting names none, or one that cannot be loaded.
 */
export function backend(): Backend {
  chosen ??= start();
  return chosen;
}

/** TensorFlow's native binding, with the functions that tfjs has no operation for; undefined on another backend. */
export function nativeBinding(): TFJSBinding | undefined {
  backend();
  return loadedBinding();
}

/** Describes the backend that runs, such as `TensorFlow 2.21.0 on the CPU, 2 threads (the fastest that loads)`. */
export function backendText({ name, device, version, threads, parallel, why } = backend()): string {
  const engine = { tensorflow: "TensorFlow", wasm: "tfjs WebAssembly", cpu: "tfjs JavaScript" }[name];
  const count = threads === 1 ? "1 thread" : `${threads} threads`;
  const shared = parallel === "batches" ? " that share each batch" : "";
  return `${engine} ${version} on the ${device.toUpperCase()}, ${count}${shared} (${why})`;
}

function start(): Backend {
  // Outside production mode tfjs prints its advice to install another backend into the notebooks.
  tf.enableProdMode();
  const backend = choose();
  host().onCutOff("weightspace/tf", cleanUpAfterCutOff);
  displayTensors();
  return backend;
}

/** Makes Jupyter display a tensor's type, shape and values, not its internals. */
function displayTensors(): void {
  Object.defineProperty(tf.Tensor.prototype, jupyterDisplay, {
    value(this: tf.Tensor): MimeBundle {
      return { "text/plain": this.toString(true) };
    },
  });
}

function choose(): Backend {
  const forced = setting("backend");
  if (forced !== undefined) return use(forcedName(forced), `the setting backend is ${forced}`);
  const failures: string[] = [];
  for (const name of NAMES) {
    try {
      return use(name, failures.join("; ") || "the fastest there is");
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  throw new Error(`no backend can be loaded: ${failures.join("; ")}`);
}

function forcedName(text: string): Name {
  const name = NAMES.find((known) => known === text);
  if (!name) throw new Error(`the setting backend is "${text}"; expected ${NAMES.join(", ")}`);
  return name;
}

function use(name: Name, why: string): Backend {
  const { note, ...loaded } = loaders[name]();
  void tf.setBackend(name);
  if (!tf.findBackend(name)) throw new Error(`tfjs cannot initialize its backend ${name}`);
  return { name, ...loaded, why: note ? `${why}; ${note}` : why };
}
