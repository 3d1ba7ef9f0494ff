import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { TarFile } from "./tar";
import { tarEntry } from "./testing/tar-of";

const scratch = mkdtempSync(join(tmpdir(), "tar-test-"));
after(() => rmSync(scratch, { recursive: true }));

function written(archive: Buffer): TarFile {
  const path = join(scratch, "archive.tar");
  writeFileSync(path, archive);
  return new TarFile(path);
}

const long = Array.from({ length: 700 }, (_, i) => String.fromCharCode(32 + (i % 90))).join("");

test("a TarFile gives the regular files of an archive by their whole path, and no others", () => {
  const archive = written(
    Buffer.concat([
      tarEntry("folder/", "", { type: "5" }),
      tarEntry("folder/long", long),
      tarEntry("short", "abc", { prefix: "a/b" }),
      tarEntry("empty", ""),
      Buffer.alloc(1024),
    ]),
  );
  assert.equal(archive.read("folder/long").toString(), long);
  assert.equal(archive.read("a/b/short").toString(), "abc");
  assert.equal(archive.read("empty").toString(), "");
  const pieces = [...archive.readPieces("folder/long", 300)];
  assert.deepEqual(
    pieces.map((piece) => piece.length),
    [300, 300, 100],
  );
  assert.equal(Buffer.concat(pieces).toString(), long);
  for (const path of ["short", "folder/"]) {
    assert.throws(() => archive.read(path), { message: `the archive holds no ${path}` });
  }
});

test("a TarFile refuses an archive that is cut off, and what is no archive", () => {
  assert.throws(() => written(tarEntry("long", long).subarray(0, 1024)), /1024 bytes is damaged at byte 0/);
  assert.throws(() => written(Buffer.alloc(2048, "text")), /damaged at byte 0/);
});
