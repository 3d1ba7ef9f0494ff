import assert from "node:assert/strict";
import { test } from "node:test";
import { jupyterDisplay, type MimeBundle } from "../display/host";
import { tf } from "./tf";

test("a tensor is displayed by its type, shape and values", () => {
  const tensor = tf.tensor2d([[1, 2.5]]) as tf.Tensor2D & { [jupyterDisplay](): MimeBundle };
  const text = String(tensor[jupyterDisplay]()["text/plain"]);
  for (const part of ["float32", "[1,2]", "2.5"]) assert.ok(text.includes(part), text);
});
