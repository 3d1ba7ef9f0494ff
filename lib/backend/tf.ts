/** TensorFlow.js, whose first use starts the backend: see `backend`. */
export * as tf from "./lazy-tfjs";
