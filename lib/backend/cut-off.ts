import * as tf from "@tensorflow/tfjs";

const cleanUps: (() => void)[] = [];

/**
 * Runs `work` and then `cleanUp`, as `try … finally` does, but also when an interrupt cuts the work off and so skips
 * every `finally`.
 *
 * @returns The result of `work`.
 */
export function lastly<T>(work: () => T, cleanUp: () => void): T {
  cleanUps.push(cleanUp);
  try {
    return work();
  } finally {
    cleanUps.pop();
    cleanUp();
  }
}

/** The nesting counters of tfjs's engine, which its own `finally` blocks decrement. */
interface EngineState {
  gradientDepth: number;
  kernelDepth: number;
  activeTape: unknown[] | null;
  scopeStack: unknown[];
}

/** Returns tfjs and this library to their idle state after an interrupt has cut a computation off. */
export function cleanUpAfterCutOff(): void {
  for (let cleanUp = cleanUps.pop(); cleanUp; cleanUp = cleanUps.pop()) cleanUp();
  const engine = tf.engine();
  const { state } = engine as unknown as { state: EngineState };
  Object.assign(state, { gradientDepth: 0, kernelDepth: 0, activeTape: null });
  // Nothing owns the tensors of a scope that was cut off; ending the scope disposes of them.
  while (state.scopeStack.length > 0) engine.endScope();
}
