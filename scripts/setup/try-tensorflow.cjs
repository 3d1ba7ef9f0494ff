// Run by the set-up: fails unless the binding in WEIGHTSPACE_TENSORFLOW loads and computes.
const tf = require("@tensorflow/tfjs-node-gpu");

const a = tf.tensor2d([1, 2, 3, 4], [2, 2]);
const product = [...a.matMul(a).dataSync()];
if (tf.getBackend() !== "tensorflow" || product.join() !== "7,10,15,22") {
  throw new Error(`expected 7,10,15,22 on tensorflow, got ${product} on ${tf.getBackend()}`);
}
