import { UsageError } from "./command-line.mjs";

/** The options of the commands that set up: `--gpu` takes TensorFlow's libraries for CUDA, `--cpu` those without. */
export const deviceOptions = /** @type {const} */ ({
  cpu: { type: "boolean", default: false },
  gpu: { type: "boolean", default: false },
});

/** Their lines in a command's usage. */
export const DEVICE_USAGE = `  --gpu, --cpu       TensorFlow's libraries for CUDA, or those without; by default those installed before,
                     at first those without`;

/**
 * The device that these options name, or undefined for the one there is.
 *
 * @param {{ cpu: boolean, gpu: boolean }} values
 * @returns {"cpu" | "gpu" | undefined}
 * @throws {Error} If they name both.
 */
export function deviceOf({ cpu, gpu }) {
  if (cpu && gpu) throw new UsageError("--cpu and --gpu exclude each other.");
  if (gpu) return "gpu";
  return cpu ? "cpu" : undefined;
}
