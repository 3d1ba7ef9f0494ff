import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { projectFolder } from "../../lib/notebook/project";

// danfojs-node's declarations do not follow its stubbed dependencies, so it is taken untyped here.
const danfo = require("danfojs-node");
const frame = () => new danfo.DataFrame({ net: ["a", "a", "b"], loss: [0.5, 0.25, 1], step: [10, 20, 60] });

test("danfojs and the project share one tensor engine", () => {
  const tf = require("@tensorflow/tfjs");
  assert.equal(require("@tensorflow/tfjs-node"), tf);
  assert.equal(danfo.tensorflow, tf);
  assert.ok(frame().loc({ columns: ["loss", "step"] }).tensor instanceof tf.Tensor);
});

test("danfojs describes a table with the statistics that NumPy gives", () => {
  const table = frame().describe();
  const column = Object.fromEntries(
    table.index.map((name: string, row: number) => [name, table.values[row][1]]),
  );
  // np.std([10, 20, 60], ddof=1)
  assert.ok(Math.abs(column.std - 26.457513110645905) < 1e-12);
  assert.deepEqual([column.count, column.mean, column.min, column.median, column.max], [3, 30, 10, 20, 60]);
});

test("danfojs groups and writes CSV", () => {
  const means = frame().groupby(["net"]).mean();
  assert.equal(danfo.toCSV(means), "net,loss_mean,step_mean\na,0.375,15\nb,1,60\n");
});

test("what danfojs would do with a left-out package fails with its name and what to do instead", () => {
  const file = "left-out.xlsx";
  assert.throws(() => danfo.toExcel(frame(), { filePath: file }), /package "xlsx" is left out.*CSV or JSON/);
  const request = require("request");
  assert.throws(() => request.get("x"), /package "request" is left out.*fetch/);
  assert.throws(() => request({ url: "x" }), /package "request" is left out/);
});

test("tfjs-node-gpu is told where the set-up has built its binding, or where the user has one", () => {
  const { find } = require("@mapbox/node-pre-gyp");
  const { WEIGHTSPACE_TENSORFLOW: named } = process.env;
  delete process.env["WEIGHTSPACE_TENSORFLOW"];
  assert.equal(find(), join(projectFolder, ".tensorflow", "tfjs_binding.node"));
  process.env["WEIGHTSPACE_TENSORFLOW"] = "elsewhere";
  assert.equal(find(), join("elsewhere", "tfjs_binding.node"));
  if (named === undefined) delete process.env["WEIGHTSPACE_TENSORFLOW"];
  else process.env["WEIGHTSPACE_TENSORFLOW"] = named;
});
