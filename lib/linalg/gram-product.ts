import { onNative } from "./native-op";
import type { Dense } from "./operand";

/** A function that multiplies a fixed symmetric matrix by a vector. */
export type Product = (v: Float64Array) => Float64Array;

/**
 * Calls a function with the product of aᵀa or, if a is wide, aaᵀ, and a vector, without forming that matrix.
 *
 * @param work Receives the product, which TensorFlow computes in the type of a, and JavaScript in float64.
 * @returns The result of `work`.
 */
export function withGramProduct<Result>(a: Dense, work: (product: Product) => Result): Result {
  const native = onNative((native) => {
    const held = native.send(a);
    return { result: work((v) => native.gramTimesVector(held, a, v)) };
  });
  if (native) return native.result;
  const tall = a.rows >= a.columns;
  return work((v) => times(a, times(a, v, !tall), tall));
}

/** Multiplies a matrix or its transpose by a vector, in float64. */
export function times(
  { rows, columns, values }: Dense,
  vector: Float64Array,
  transposed: boolean,
): Float64Array {
  const product = new Float64Array(transposed ? columns : rows);
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * columns, (i + 1) * columns);
    if (transposed) {
      const factor = vector[i]!;
      for (let j = 0; j < columns; j++) product[j]! += row[j]! * factor;
    } else {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += row[j]! * vector[j]!;
      product[i] = sum;
    }
  }
  return product;
}
