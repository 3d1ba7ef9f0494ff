/** What a program can set before it uses the library. */
export interface Settings {
  /** The backend that must run: `tensorflow`, `wasm` or `cpu`. Default: the fastest that loads. */
  readonly backend?: string | undefined;
  /** TensorFlow's threads, ≥ 1. Default: as many as the machine has. On one, runs repeat to the last bit. */
  readonly threads?: number | undefined;
  /** What the threads share: `kernels`, each operation, or `batches`, each batch. Default: `kernels`. */
  readonly parallel?: string | undefined;
  /** The folder under which each data set has its own. */
  readonly dataFolder?: string | undefined;
  /** The path of the JSON file that lists the data sets, with the sources, sizes and hashes of their files. */
  readonly manifestFile?: string | undefined;
}

const layers: Settings[] = [];

/**
 * Sets what the library needs to know of its surroundings; it reads no environment variable by itself.
 *
 * A property is read when it is first needed, so that it may be a getter: those of the backend when it starts, at the
 * first use of `tf`. A later call goes before an earlier one, whose other properties stay.
 *
 * @example
 * useSettings({ threads: 1, dataFolder: "/data" });
 */
export function useSettings(settings: Settings): void {
  layers.unshift(settings);
}

/** The value of a setting; undefined where nobody has set it. */
export function setting<Name extends keyof Settings>(name: Name): Settings[Name] {
  for (const layer of layers) {
    const value = layer[name];
    if (value !== undefined) return value;
  }
  return undefined;
}
