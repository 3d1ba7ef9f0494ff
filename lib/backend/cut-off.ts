import * as tf from "@tensorflow/tfjs";

const cleanUps: (() => void)[] = [];

/**
 * Runs `work` and then `cleanUp`, as `try … finally` does, and `cleanUp` also where an interrupt cuts the work off, past
 * every `finally`.
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

/** The parts of tfjs's engine that count how deep a computation is nested: its `finally` blocks count back. */
interface EngineState {
  gradientDepth: number;
  kernelDepth: number;
  activeTape: unknown[] | null;
  scopeStack: unknown[];
}

/** Puts tfjs and this library in the state between two computations: called when one has been cut off. */
export function cleanUpAfterCutOff(): void {
  for (let cleanUp = cleanUps.pop(); cleanUp; cleanUp = cleanUps.pop()) cleanUp();
  const engine = tf.engine();
  const { state } = engine as unknown as { state: EngineState };
  Object.assign(state, { gradientDepth: 0, kernelDepth: 0, activeTape: null });
  // The tensors of a scope that was cut off belong to nobody: its end disposes of them.
  while (state.scopeStack.length > 0) engine.endScope();
}
