import assert from "node:assert/strict";
import { test } from "node:test";
import { textTable } from "./table.mjs";

test("columns are as wide as their widest cell, and numbers stand to the right", () => {
  const table = textTable(
    ["notebook", "seconds", "result"],
    [
      ["04-linear-network", 7, "1.398"],
      ["00", 112.34, ""],
    ],
  );
  assert.equal(
    table,
    "notebook           seconds  result\n04-linear-network      7.0  1.398\n00                   112.3",
  );
});
