/**
 * TensorFlow.js, whose backend starts when one of its properties is first read: see `backend`.
 *
 * @module
 */
import * as tfjs from "@tensorflow/tfjs";
import { backend } from "./backend";
import { showTensorValues } from "./show-tensors";

export * from "@tensorflow/tfjs";

/** Wraps tfjs so that the backend starts when a property is first read, and importing starts nothing. */
function startedByUse(): typeof tfjs {
  const lazy = {};
  let isStarted = false;
  for (const [name, { enumerable }] of Object.entries(Object.getOwnPropertyDescriptors(tfjs))) {
    Object.defineProperty(lazy, name, {
      enumerable: enumerable ?? false,
      get() {
        if (!isStarted) {
          backend();
          showTensorValues();
          isStarted = true;
        }
        return Reflect.get(tfjs, name);
      },
    });
  }
  return lazy as typeof tfjs;
}

// `export *` above serves the type checker only; importing modules get these lazy properties.
module.exports = startedByUse();
