import assert from "node:assert/strict";
import { test } from "node:test";
import { jupyterDisplay } from "../display/host";
import { keyResult } from "./key-result";
import { recipe } from "./recipe";

test("a recipe states every parameter, the seed, the backend, the versions and the code", async () => {
  const options = { seed: "0, NumPy's", optimizer: "SGD", data: "MNIST", backend: "JavaScript" };
  const bundle = await recipe({ rate: 0.1, sizes: [1, 2] }, options)[jupyterDisplay]();
  assert.deepEqual(Object.keys(bundle), ["text/plain"]);
  const text = String(bundle["text/plain"]);
  for (const line of [
    "rate 0.1, sizes [1, 2]",
    "0, NumPy's",
    `node ${process.version}`,
    "ml-matrix 6.15.1",
  ]) {
    assert.ok(text.includes(line), text);
  }
  assert.match(text, /^schedule +constant$/m);
  assert.match(text, /^code +([0-9a-f]{12}\+?|unknown)$/m);
});

test("a key result is data for npm start and text for a reader", async () => {
  const bundle = await keyResult("0.98", "0.97")[jupyterDisplay]();
  assert.deepEqual(bundle["application/vnd.weightspace.result+json"], { result: "0.98", original: "0.97" });
  assert.match(String(bundle["text/plain"]), /0\.98[\s\S]*0\.97/);
});
