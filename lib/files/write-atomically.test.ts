import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { writeAtomically } from "./write-atomically";

const folder = mkdtempSync(join(tmpdir(), "atomic-"));
after(() => rmSync(folder, { recursive: true }));

test("writeAtomically makes the folder, replaces the file and leaves nothing beside it", () => {
  const file = join(folder, "deep", "file.txt");
  writeAtomically(file, "one");
  writeAtomically(file, Buffer.from("two"));
  assert.equal(readFileSync(file, "utf8"), "two");
  assert.deepEqual(readdirSync(join(folder, "deep")), ["file.txt"]);
});

test("writeAtomically removes its temporary file where it fails", () => {
  mkdirSync(join(folder, "taken", "inside"), { recursive: true });
  assert.throws(() => writeAtomically(join(folder, "taken"), "text"));
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".tmp")),
    [],
  );
});
