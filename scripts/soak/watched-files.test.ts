import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { LockAttempt } from "../../lib/files/file-lock";
import { writeAtomically } from "../../lib/files/write-atomically";
import { watchFiles } from "./watched-files";

const folder = mkdtempSync(join(tmpdir(), "watched-"));
after(() => rmSync(folder, { recursive: true }));

test("every change of a file is seen before it is made, content when half of it is written, and a file that is there", () => {
  const events: string[] = [];
  watchFiles({
    before: (change, path) => void (path.includes("a.") && events.push(change)),
    onTaken: (path) => void events.push(`${basename(path)} is taken`),
    onHalf() {
      const [file = ""] = readdirSync(folder).filter((name) => name.startsWith("a."));
      events.push(`${statSync(join(folder, file)).size} bytes`);
    },
  });
  writeAtomically(join(folder, "a.json"), "äbcd");
  assert.deepEqual(events.splice(0), ["openSync", "2 bytes", "renameSync"]);
  assert.equal(readFileSync(join(folder, "a.json"), "utf8"), "äbcd");
  rmSync(join(folder, "a.json"));
  events.length = 0;
  const lock = new LockAttempt(join(folder, "a.lock")).take()!;
  assert.equal(new LockAttempt(join(folder, "a.lock")).take(), undefined);
  lock.release();
  assert.deepEqual(
    events.filter((event) => !event.endsWith("bytes")),
    ["openSync", "openSync", "a.lock is taken", "rmSync"],
  );
});
