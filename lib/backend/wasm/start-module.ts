import { readFileSync } from "node:fs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";

/** The WebAssembly program behind a `BackendWasm`, with what Emscripten puts around it. */
export type WasmModule = ConstructorParameters<typeof BackendWasm>[0];

type Exports = Record<string, (...args: number[]) => number>;

interface Instance {
  exports: Exports;
}

/** What is used here of the global that Node has but its types lack. */
declare const WebAssembly: {
  Module: new (program: Uint8Array) => object;
  Instance: new (program: object, imports: object) => Instance;
};

const files = "@tensorflow/tfjs-backend-wasm/wasm-out";

/**
 * Compiles and starts the SIMD build of tfjs's WebAssembly kernels at once, on one thread; the package's own start is
 * asynchronous. Its Emscripten script serves the build with SIMD and the one without.
 *
 * @throws Whatever Node throws where a file is missing, damaged, or does not fit into memory.
 */
export function startWasmModule(): WasmModule {
  const program = new WebAssembly.Module(
    readFileSync(require.resolve(`${files}/tfjs-backend-wasm-simd.wasm`)),
  );
  const start = require(`${files}/tfjs-backend-wasm.js`);
  let exports: Exports = {};
  let failure: unknown;
  const emscripten = {
    instantiateWasm(imports: object, receive: (instance: Instance) => void): object {
      try {
        const instance = new WebAssembly.Instance(program, imports);
        exports = instance.exports;
        receive(instance);
      } catch (error) {
        failure = error; // thrown from here, it would make Emscripten try again asynchronously
      }
      return exports;
    },
  };
  keepingListeners(() => start(emscripten));
  if (failure) throw failure;
  return Object.assign(emscripten, interfaceOf(exports)) as unknown as WasmModule;
}

/** Runs `f` and removes the listeners it adds: Emscripten's end the process on any unhandled rejection. */
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
 * What `BackendWasm` calls, straight from the program: Emscripten's own `dispose` would also remove every listener
 * that the process had when it started.
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

/** @throws Error where no memory is left: tfjs would take the null pointer for an address and overwrite what is there. */
function allocate(malloc: (bytes: number) => number, bytes: number): number {
  const address = bytes < 2 ** 32 ? malloc(bytes) : 0;
  if (address === 0) {
    throw new Error(
      `The wasm backend has no room for a tensor of ${bytes} bytes: all its tensors share 4 GiB`,
    );
  }
  return address;
}
