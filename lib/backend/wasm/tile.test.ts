import { test } from "node:test";
import { tf } from "../tf";
import { assertAgreement } from "./testing/agreement";

test("tensors of every type are tiled and broadcast", () => {
  for (const type of ["float32", "int32", "bool"] as const) {
    const row = () => tf.tensor2d([[1, 0, 1, 1, 0]], [1, 5], type);
    assertAgreement(() => [tf.tile(row(), [7, 3]), tf.broadcastTo(row(), [9, 5])]);
  }
});
