import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSelection } from "./select.mjs";

const names = ["03-zero-initialization", "04-linear-network"];
/** @param {string[]} args */
const parse = (...args) => parseSelection(args, names);

test("no argument chooses every notebook in the quick profile", () => {
  assert.deepEqual(parse(), { names, profile: "quick", render: false, workers: 1, device: undefined });
});

test("a notebook is chosen by its number or its name", () => {
  for (const asked of ["04", "4", "04-linear-network"])
    assert.deepEqual(parse(asked).names, ["04-linear-network"]);
});

test("an unknown notebook is refused with those that exist", () => {
  assert.throws(
    () => parse("07"),
    /no notebook "07": the notebooks are 03-zero-initialization, 04-linear-network/,
  );
});

test("an unknown profile is refused with those that exist", () => {
  assert.throws(() => parse("--profile", "fast"), /no profile "fast": choose one of quick, full, smoke/);
});

test("the device is chosen by a flag", () => {
  assert.equal(parse("--gpu").device, "gpu");
});

test("only a full run may be rendered", () => {
  assert.throws(() => parse("--render"), /--profile full/);
  assert.equal(parse("--render", "--profile", "full").render, true);
});
