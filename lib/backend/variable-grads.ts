import { tf } from "./tf";

/**
 * A scalar function's value and its gradients with respect to variables, by their names: `tf.variableGrads`, which
 * where the function throws never frees the values that it has recorded for the gradients; this does.
 *
 * @throws whatever the function throws
 */
export function variableGrads(
  f: () => tf.Scalar,
  variables: tf.Variable[],
): ReturnType<typeof tf.variableGrads> {
  try {
    return tf.variableGrads(f, variables);
  } catch (error) {
    const { state } = tf.engine();
    // Within another function's gradients the recording is still wanted.
    if (state.gradientDepth === 0) {
      for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
      state.activeTape = [];
    }
    throw error;
  }
}
