import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectFolder } from "./project";
import { readReference } from "./reference";

const names = readdirSync(join(projectFolder, "notebooks", "references")).map((file) =>
  file.replace(".json", ""),
);

/** The objects in a JSON value that lie directly below its root, or the root where it has a source itself. */
const sourced = (value: Record<string, unknown>) => ("source" in value ? [value] : Object.values(value));

for (const name of names) {
  test(`the reference ${name} says where all of its numbers come from`, () => {
    const parts = sourced(readReference<Record<string, unknown>>(name)) as { source?: string }[];
    assert.ok(parts.length > 0);
    for (const { source } of parts) assert.match(source ?? "", /scripts\/|arXiv|github\.com/);
  });
}

test("a name without a file is refused with the names that there are", () => {
  assert.throws(() => readReference("03-keras"), /there is no "03-keras", expected one of .*03-pytorch/);
});
