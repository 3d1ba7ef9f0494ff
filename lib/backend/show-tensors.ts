import * as tf from "@tensorflow/tfjs";

/** The symbol of the method by which Node's `util.inspect`, and so `console.log`, prints an object. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

/** Makes `console.log` print a tensor's type, shape and values, as `toString(true)` of tfjs does, not its internals. */
export function showTensorValues(): void {
  Object.defineProperty(tf.Tensor.prototype, inspect, {
    configurable: true,
    value(this: tf.Tensor): string {
      if (this.isDisposed) return `Tensor\n  dtype: ${this.dtype}\n  shape: [${this.shape}]\n  disposed`;
      return this.toString(true);
    },
  });
}
