import * as tf from "@tensorflow/tfjs";
import { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { avgPoolGrad } from "./avg-pool-grad";
import { conv2dBackpropFilter } from "./conv2d-backprop-filter";
import { conv2dBackpropInput } from "./conv2d-backprop-input";
import { identity } from "./identity";
import { matMul } from "./matmul";
import { maxPoolGrad } from "./max-pool-grad";
import { oneHot } from "./one-hot";
import { startWasmModule, type WasmModule } from "./start-module";
import { mean, sum } from "./sum";
import { tile } from "./tile";
import { unsortedSegmentSum } from "./unsorted-segment-sum";

const NAME = "wasm";

/** The package's own priority, below TensorFlow's and above JavaScript's. */
const PRIORITY = 2;

const missing: Record<string, tf.KernelFunc> = {
  Conv2DBackpropFilter: conv2dBackpropFilter,
  UnsortedSegmentSum: unsortedSegmentSum,
};

/** Functions that make a corrected kernel from the one that tfjs ships. */
const repaired: Record<string, (shipped: tf.KernelFunc) => tf.KernelFunc> = {
  AvgPoolGrad: avgPoolGrad,
  BatchMatMul: matMul,
  Conv2DBackpropInput: conv2dBackpropInput,
  Identity: () => identity,
  MaxPoolGrad: () => maxPoolGrad,
  Mean: () => mean,
  OneHot: oneHot,
  Sum: sum,
  Tile: tile,
};

let registered = false;

/**
 * Registers tfjs's WebAssembly backend under the name "wasm", synchronously and on one thread, with the kernels for
 * training that the package lacks, gets wrong or runs too slowly. A second call does nothing.
 *
 * @throws Error if the WebAssembly program cannot be started; then no such backend is registered.
 */
export function registerWasm(): void {
  if (registered) return;
  if (tf.findBackendFactory(NAME)) tf.removeBackend(NAME);
  const module = start();
  tf.registerBackend(NAME, () => new BackendWasm(module), PRIORITY);
  for (const [kernelName, kernelFunc] of Object.entries(missing)) {
    tf.registerKernel({ kernelName, backendName: NAME, kernelFunc });
  }
  for (const [kernelName, repair] of Object.entries(repaired)) replaceKernel(kernelName, repair);
  registered = true;
}

function start(): WasmModule {
  try {
    return startWasmModule();
  } catch (error) {
    throw new Error(`tfjs's WebAssembly program cannot be started: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function replaceKernel(kernelName: string, repair: (shipped: tf.KernelFunc) => tf.KernelFunc): void {
  const shipped = tf.getKernel(kernelName, NAME);
  tf.unregisterKernel(kernelName, NAME);
  tf.registerKernel({ ...shipped, kernelFunc: repair(shipped.kernelFunc) });
}
