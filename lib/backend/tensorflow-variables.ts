import type { Parallel } from "./parallel";

/**
 * Sets the environment variables that TensorFlow reads while it is loaded, the one way to tell it its threads; what
 * else the user has set stays. This is the only file below `lib/notebook` that touches the process's environment: it
 * runs when the backend starts, and a program's own `TF_` variables are meant for TensorFlow, not for this library.
 *
 * @returns whether TensorFlow shall keep its messages below an error to itself
 */
export function setTensorFlowVariables(threads: number, parallel: Parallel): { isQuiet: boolean } {
  process.env["TF_NUM_INTRAOP_THREADS"] = parallel === "kernels" ? `${threads}` : "1";
  process.env["TF_NUM_INTEROP_THREADS"] = `${threads}`;
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  process.env["TF_FORCE_GPU_ALLOW_GROWTH"] ??= "true";
  process.env["NVIDIA_TF32_OVERRIDE"] ??= "0";
  return { isQuiet: process.env["TF_CPP_MIN_LOG_LEVEL"] !== "0" };
}
