import assert from "node:assert/strict";
import { test } from "node:test";
import { RecentlyUsed } from "./recently-used";

/** A full map of two entries, and the values that it has dropped. */
function ofTwo() {
  const dropped: number[] = [];
  const map = new RecentlyUsed<number>(2, (value) => void dropped.push(value));
  map.add("one", 1);
  map.add("two", 2);
  return { map, dropped };
}

test("adding to a full map drops the least recently used entry", () => {
  const { map, dropped } = ofTwo();
  map.add("three", 3);
  assert.deepEqual(dropped, [1]);
  assert.deepEqual(
    ["one", "two", "three"].map((key) => map.get(key)),
    [undefined, 2, 3],
  );
});

test("looking an entry up makes it the most recently used", () => {
  const { map, dropped } = ofTwo();
  map.get("one");
  map.get("four");
  map.add("three", 3);
  map.add("five", 5);
  assert.deepEqual(dropped, [2, 1]);
});

test("clearing drops every entry once", () => {
  const { map, dropped } = ofTwo();
  map.clear();
  map.clear();
  assert.deepEqual(dropped, [1, 2]);
  assert.equal(map.get("one"), undefined);
});
