/**
 * TensorFlow.js, whose backend starts when one of its properties is first read: see `backend`.
 *
 * @module
 */
import * as tfjs from "@tensorflow/tfjs";
import { backend } from "./backend";
import { showTensorValues } from "./show-tensors";

export * from "@tensorflow/tfjs";

/** tfjs with properties that start the backend when one of them is first read, so that an import starts nothing. */
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

// The names above are for the type checker: what a module gets that imports this one are the properties made here.
module.exports = startedByUse();
