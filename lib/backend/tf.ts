import * as tf from "@tensorflow/tfjs";
import { jupyterDisplay, type MimeBundle } from "../notebook/host";

// In production mode tfjs keeps its advice to install another backend off the notebooks.
tf.enableProdMode();

/** A tensor at the end of a cell shows its type, shape and values, not its internals. */
Object.defineProperty(tf.Tensor.prototype, jupyterDisplay, {
  value(this: tf.Tensor): MimeBundle {
    return { "text/plain": this.toString(true) };
  },
});

export { tf };
