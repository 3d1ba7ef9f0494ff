import assert from "node:assert/strict";
import { test } from "node:test";
import { jupyterDisplay } from "../display/host";
import { runLogs } from "./run-logs";

const run = (name: string, log: string[]) => ({
  ...{ name, log, config: {}, history: [], final: { loss: 0.5 } },
  ...{ key: "k", code: "c", backend: "b", seconds: 1 },
});

test("the logs of runs are one display with a line of one's own for each run that printed", async () => {
  const runs = [run("first", ["a", "b"]), run("silent", []), run("last", ["c"])];
  const bundle = await runLogs(runs, ({ name, final }) => `${name}: loss ${final.loss}`)[jupyterDisplay]();
  assert.equal(bundle["text/plain"], "first: loss 0.5\na\nb\n\nlast: loss 0.5\nc");
});

test("by default a run's line is its name", async () => {
  const bundle = await runLogs([run("only", ["a"])])[jupyterDisplay]();
  assert.equal(bundle["text/plain"], "only\na");
});
