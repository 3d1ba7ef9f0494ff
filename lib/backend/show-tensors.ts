import * as tf from "@tensorflow/tfjs";

/** The name under which Node's `util.inspect`, and so `console.log`, looks for an object's own text. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

/** Has `console.log` of a tensor or a variable show its type, shape and values, as tfjs's `toString(true)`, not its internals. */
export function showTensorValues(): void {
  Object.defineProperty(tf.Tensor.prototype, inspect, {
    configurable: true,
    value(this: tf.Tensor): string {
      if (this.isDisposed) return `Tensor\n  dtype: ${this.dtype}\n  shape: [${this.shape}]\n  disposed`;
      return this.toString(true);
    },
  });
}
