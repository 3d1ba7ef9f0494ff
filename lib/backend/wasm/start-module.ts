import { readFileSync } from "node:fs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** The WebAssembly program of a `BackendWasm` with Emscripten's wrapper. */
export type WasmModule = ConstructorParameters<typeof BackendWasm>[0];

type Exports = Record<string, (...args: number[]) => number>;

interface Instance {
  exports: Exports;
}

/** The parts used here of a global that Node has but its types lack. */
declare const WebAssembly: {
  Module: new (program: Uint8Array) => object;
  Instance: new (program: object, imports: object) => Instance;
};

const FILES = "@tensorflow/tfjs-backend-wasm/wasm-out";

/**
 * Compiles and starts the SIMD build of tfjs's WebAssembly kernels synchronously, on one thread; the package's own
 * start is asynchronous. The package's one Emscripten script serves the builds with and without SIMD.
 *
 * @throws Error of Node if a file is missing, damaged, or does not fit into memory.
 */
export function startWasmModule(): WasmModule {
  const program = new WebAssembly.Module(
    readFileSync(require.resolve(`${FILES}/tfjs-backend-wasm-simd.wasm`)),
  );
  const start = require(`${FILES}/tfjs-backend-wasm.js`);
  let exports: Exports = {};
  let failure: unknown;
  const emscripten = {
    instantiateWasm(imports: object, receive: (instance: Instance) => void): object {
      try {
        const instance = new WebAssembly.Instance(program, imports);
        exports = instance.exports;
        receive(instance);
      } catch (error) {
        failure = error; // throwing here would make Emscripten try again asynchronously
      }
      return exports;
    },
  };
  keepingListeners(() => start(emscripten));
  if (failure) throw failure;
  return Object.assign(emscripten, interfaceOf(exports)) as unknown as WasmModule;
}

/** Runs `f` and removes the listeners that it adds: Emscripten's would end the process on an unhandled rejection. */
function keepingListeners(f: () => void): void {
  const events = ["uncaughtException", "unhandledRejection"];
  const before = events.map((event) => process.rawListeners(event));
  f();
  events.forEach((event, i) => {
    const added = process.rawListeners(event).filter((listener) => !before[i]!.includes(listener));
    for (const listener of added) process.off(event, listener as () => void);
  });
}

/**
 * The functions that `BackendWasm` calls, taken directly from the program: Emscripten's own `dispose` would also remove
 * every listener that the process had when the program started.
 */
function interfaceOf(exports: Exports) {
  return {
    _malloc: (bytes: number) => allocate(exports["malloc"]!, bytes),
    tfjs: {
      init: exports["init"],
      initWithThreadsCount: exports["init_with_threads_count"],
      getThreadsCount: exports["get_threads_count"],
      registerTensor: exports["register_tensor"],
      disposeData: exports["dispose_data"],
      dispose: exports["dispose"],
    },
  };
}

/** @throws Error if no memory is left, where tfjs would write to the null pointer and corrupt its memory. */
function allocate(malloc: (bytes: number) => number, bytes: number): number {
  const address = bytes < 2 ** 32 ? malloc(bytes) : 0;
  if (address === 0) {
    throw new Error(
      `The wasm backend has no room for a tensor of ${bytes} bytes: all its tensors share 4 GiB`,
    );
  }
  return address;
}
