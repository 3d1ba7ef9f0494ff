import type * as tf from "@tensorflow/tfjs";

/** A TensorFlow operation that updates variables in place, such as `ResourceApplyMomentum`. */
export interface InPlaceUpdate {
  /** The operation's name. */
  op: string;
  /** The float32 variables that the operation updates, its first inputs in order. */
  variables: tf.Variable[];
  /** The inputs after the variables. */
  inputs: tf.Tensor[];
  /** The boolean attributes. */
  flags?: Record<string, boolean>;
}

type Observer = (update: InPlaceUpdate, plain: () => void) => void;

let observer: Observer | undefined;

/**
 * Updates variables by tensor operations, which a compiled step replaces by one in-place operation to save their memory
 * and most of their time.
 *
 * @param update The in-place operation; computes the same as `plain` up to the rounding of the last bit.
 * @param plain Runs the tensor operations; assigns each of the update's variables once, and nothing else.
 */
export function inPlace(update: InPlaceUpdate, plain: () => void): void {
  if (observer) observer(update, plain);
  else plain();
}

/** Passes every update to an observer, which must run it. @returns A function that stops observing. */
export function observeUpdates(newObserver: Observer): () => void {
  const outer = observer;
  observer = newObserver;
  return () => {
    observer = outer;
  };
}
