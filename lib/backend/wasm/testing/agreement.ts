import assert from "node:assert/strict";
import { tf } from "../../tf";
import { registerWasm } from "../index";

/** Runs `f` on a tfjs backend, then restores the previous one. */
export function on<T>(backend: "wasm" | "cpu", f: () => T): T {
  const before = tf.getBackend();
  registerWasm();
  void tf.setBackend(backend);
  try {
    return f();
  } finally {
    void tf.setBackend(before);
  }
}

/** Standard normal numbers, equal on every backend. The seed must not be 0, which tfjs takes for no seed. */
export function normal<T extends tf.Tensor>(shape: number[], seed: number): T {
  return tf.randomNormal(shape as [number], 0, 1, "float32", seed) as tf.Tensor as T;
}

/**
 * Asserts that the tensors that `f` returns agree on the wasm and the cpu backend: equal shapes and types, and values
 * up to `tolerance` times a tensor's largest absolute value.
 */
export function assertAgreement(f: () => tf.Tensor[], tolerance = 1e-6): void {
  const [actual, expected] = (["wasm", "cpu"] as const).map((backend) =>
    on(backend, () => tf.tidy(() => f().map(read))),
  );
  assert.equal(actual!.length, expected!.length);
  for (const [i, { values, ...kind }] of expected!.entries()) {
    const { values: found, ...kindFound } = actual![i]!;
    assert.deepEqual(kindFound, kind);
    const largest = Math.max(...values.map(Math.abs));
    const error = Math.max(...values.map((value, k) => Math.abs(found[k]! - value)));
    assert.ok(
      error <= tolerance * largest,
      `tensor ${i} of shape [${kind.shape}]: error ${error}, largest value ${largest}`,
    );
  }
}

function read(tensor: tf.Tensor) {
  return { shape: tensor.shape, dtype: tensor.dtype, values: Array.from(tensor.dataSync()) };
}
