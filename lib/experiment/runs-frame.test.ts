import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { table } from "../display/table";
import { runsFrame } from "./runs-frame";

const runs: Parameters<typeof runsFrame>[0] = [
  {
    name: "a0",
    config: { net: "a", seed: 0, sizes: [4, 2], skip: true },
    final: { accuracy: 97, loss: 0.5 },
  },
  {
    name: "a1",
    config: { net: "a", seed: 1, sizes: [4, 2], skip: false },
    final: { accuracy: 99, loss: 0.25 },
  },
  { name: "b0", config: { net: "b", seed: 0, decay: 0.1 }, final: { accuracy: 90, loss: 1, ranks: [3, 2] } },
];

test("runsFrame has a row for each run: its name, its configuration, its final result", () => {
  const frame = runsFrame(runs);
  assert.deepEqual(frame.columns, [
    "name",
    "net",
    "seed",
    "sizes",
    "skip",
    "decay",
    "accuracy",
    "loss",
    "ranks",
  ]);
  assert.deepEqual(frame.values, [
    ["a0", "a", 0, "4, 2", true, Number.NaN, 97, 0.5, null],
    ["a1", "a", 1, "4, 2", false, Number.NaN, 99, 0.25, null],
    ["b0", "b", 0, null, null, 0.1, 90, 1, "3, 2"],
  ]);
});

test("a column of several types is text", () => {
  const dimensions = [3, "full"].map((dimension) => ({
    name: `${dimension}`,
    config: { dimension },
    final: {},
  }));
  assert.deepEqual(runsFrame(dimensions).values, [
    ["3", "3"],
    ["full", "full"],
  ]);
});

test("a frame of runs is grouped and described, and shown as a table", () => {
  const byNet = runsFrame(runs).groupby(["net"]).col(["accuracy"]);
  // The deviation of 97 and 99 is √2.
  const shown = (frame: ReturnType<typeof byNet.mean>) => String(table(frame)).split("\n").slice(2);
  assert.deepEqual(shown(byNet.mean()), ["a               98", "b               90"]);
  assert.equal(shown(byNet.std())[0], "a         1.41421");
  assert.deepEqual(shown(byNet.count()), ["a                 2", "b                 1"]);
  // The mean of 0.5, 0.25 and 1 is 0.583333.
  const described = String(
    table(
      runsFrame(runs)
        .loc({ columns: ["loss"] })
        .describe(),
    ),
  );
  assert.match(described, /^ +loss\n.*\ncount +3\nmean +0\.583333\n/);
});

test("no runs are refused", () => {
  assert.throws(() => runsFrame([]), /expected at least one run, got none/);
});

test("a field that has the name of a column before it is named after its part", () => {
  const run = { name: "a", config: { seconds: 1, name: "b" }, final: { seconds: 2 } };
  const frame = runsFrame([run]);
  assert.deepEqual(frame.columns, ["name", "seconds", "config.name", "final.seconds"]);
  assert.deepEqual(frame.values, [["a", 1, "b", 2]]);
});

test("danfojs is imported by the first frame, not with the library", () => {
  const program = `
    const loaded = () => Object.keys(require.cache).some((file) => /danfojs-node/.test(file));
    const { runsFrame } = require("../index");
    const before = loaded();
    runsFrame([{ name: "a", config: {}, final: {} }]);
    console.log(before, loaded());`;
  const args = ["--require", "tsx/cjs", "--eval", program];
  const printed = execFileSync(process.execPath, args, { cwd: __dirname, encoding: "utf8" });
  assert.equal(printed.trim(), "false true");
});

test("a field with the name of a member of DataFrame hides no member", () => {
  const final = { columns: 3, rows: 2, size: 5, index: 7, count: 1, values: 4 };
  const frame = runsFrame([{ name: "a", config: { net: "a", sum: 1 }, final }]);
  assert.deepEqual(frame.columns, [
    ...["name", "net", "config.sum", "final.columns", "rows", "final.size", "final.index", "final.count"],
    "final.values",
  ]);
  const means = frame.groupby(["net"]).agg({ "final.columns": ["mean"] });
  assert.deepEqual(means.values, [["a", 3]]);
});
