import assert from "node:assert/strict";
import { test } from "node:test";
import { report } from "./report";
import { timesOf } from "./times";

test("a report has a line for each other, with the ratios of its times to ours", () => {
  const text = report([
    {
      name: "step",
      threads: 2,
      ours: { best: 5, median: 8, megabytes: 812.4 },
      others: {
        PyTorch: { best: 11.456, median: 12, megabytes: 300 },
        "torch.compile": { best: 10, median: 16 },
      },
    },
    { name: "normals", threads: 2, ours: { best: 812.4, median: 900 }, others: {} },
  ]);
  assert.deepEqual(text.split("\n"), [
    "|         | threads | ours, ms |  MB | the other     | its ms | its MB | ratio | of medians |",
    "| ------- | ------: | -------: | --: | ------------- | -----: | -----: | ----: | ---------: |",
    "| step    |       2 |        5 | 812 | PyTorch       |   11.5 |    300 |  2.29 |       1.50 |",
    "|         |         |          |     | torch.compile |     10 |        |  2.00 |       2.00 |",
    "| normals |       2 |      812 |     | –             |      – |      – |     – |          – |",
  ]);
});

test("the times of samples are their least and their median", () => {
  assert.deepEqual(timesOf([5, 3, 9]), { best: 3, median: 5 });
});
