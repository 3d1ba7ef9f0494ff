import assert from "node:assert/strict";
import { test } from "node:test";
import { Signatures } from "./signatures";

test("a signature is new once", () => {
  const signatures = new Signatures();
  assert.deepEqual(
    ["a", "b", "a", "b", "c"].map((signature) => signatures.add(signature)),
    [true, true, false, false, true],
  );
});

test("past its size it forgets the oldest and no other", () => {
  const signatures = new Signatures(3);
  for (const signature of ["a", "b", "c", "d"]) signatures.add(signature);
  assert.deepEqual(
    ["b", "c", "d", "a"].map((signature) => signatures.add(signature)),
    [false, false, false, true],
  );
});

test("it remembers 65,536, as ipykernel does", () => {
  const signatures = new Signatures();
  for (let i = 0; i < 65_536; i++) signatures.add(`${i}`);
  assert.equal(signatures.add("0"), false);
  signatures.add("one more");
  assert.equal(signatures.add("0"), true);
});
