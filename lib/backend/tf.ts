import * as tf from "@tensorflow/tfjs";
import { host, jupyterDisplay, type MimeBundle } from "../display/host";
import { backend } from "./backend";
import { cleanUpAfterCutOff } from "./cut-off";

// In production mode tfjs keeps its advice to install another backend off the notebooks.
tf.enableProdMode();
backend();
host().onCutOff("weightspace/tf", cleanUpAfterCutOff);

/** A tensor at the end of a cell shows its type, shape and values, not its internals. */
Object.defineProperty(tf.Tensor.prototype, jupyterDisplay, {
  value(this: tf.Tensor): MimeBundle {
    return { "text/plain": this.toString(true) };
  },
});

export { tf };
