import type * as tf from "@tensorflow/tfjs";

/** One operation of TensorFlow that updates variables in place, such as `ResourceApplyMomentum`. */
export interface InPlaceUpdate {
  op: string;
  /** The variables that it updates, all float32, in the order of its inputs. */
  variables: tf.Variable[];
  /** Its inputs after the variables. */
  inputs: tf.Tensor[];
  /** Its boolean attributes. */
  flags?: Record<string, boolean>;
}

type Observer = (update: InPlaceUpdate, plain: () => void) => void;

let observer: Observer | undefined;

/**
 * Updates variables by tensor operations; in a compiled step by one operation in place, which saves their memory and
 * most of their time.
 *
 * @param update Computes the same as `plain`, but for the rounding of the last bit.
 * @param plain Assigns each of the update's variables once, and assigns nothing else.
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
