import { tf } from "../backend/tf";
import { onNative } from "./native-op";
import { type Dense, denseOf, type Operand } from "./operand";

/** A matrix [m, n] by what it does to vectors. */
export interface LinearMap {
  /** From [n] to [m]. */
  apply(v: Float64Array): Float64Array | Float32Array;
  /** From [m] to [n]. */
  applyTransposed(u: Float64Array): Float64Array | Float32Array;
}

/** Products with a matrix, of a tensor in float32 by TensorFlow where it runs, else in float64 here. */
export function linearMap(a: Operand, caller: string): LinearMap {
  if (!(a instanceof tf.Tensor && tf.getBackend() === "tensorflow")) return mapOf(denseOf(a, caller));
  const times = (vector: Float64Array, transposed: boolean) =>
    onNative((native) => native.timesVector(a, vector, transposed))!;
  return { apply: (v) => times(v, false), applyTransposed: (u) => times(u, true) };
}

function mapOf({ rows, columns, values }: Dense): LinearMap {
  return {
    apply(v) {
      const result = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let j = 0; j < columns; j++) sum += values[i * columns + j]! * v[j]!;
        result[i] = sum;
      }
      return result;
    },
    applyTransposed(u) {
      const result = new Float64Array(columns);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) result[j]! += values[i * columns + j]! * u[i]!;
      }
      return result;
    },
  };
}
