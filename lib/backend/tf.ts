import * as tf from "@tensorflow/tfjs";

// In production mode tfjs keeps its advice to install another backend off the notebooks.
tf.enableProdMode();

export { tf };
