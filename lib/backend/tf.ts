/** tfjs. The first use of any of its properties starts the backend: see `backend`. */
export * as tf from "./lazy-tfjs";
