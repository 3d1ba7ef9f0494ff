import * as tf from "@tensorflow/tfjs";
import { jupyterDisplay, type MimeBundle } from "../notebook/host";
import { backend } from "./backend";

// In production mode tfjs keeps its advice to install another backend off the notebooks.
tf.enableProdMode();
backend();

/** A tensor at the end of a cell shows its type, shape and values, not its internals. */
Object.defineProperty(tf.Tensor.prototype, jupyterDisplay, {
  value(this: tf.Tensor): MimeBundle {
    return { "text/plain": this.toString(true) };
  },
});

export { tf };
