import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import cases from "./fixtures/tar-cases.json";
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

/** Where Python takes what is damaged for the end of the archive. */
const refusedHere = new Map([
  ["cut off in a header", /damaged at byte 4096: it has 4396 bytes/],
  [
    "size with letters",
    /damaged at byte 512: the entry's size is "0000000x274\\u0000", expected octal digits/,
  ],
  ["size with decimal digits", /the entry's size is "00000000789\\u0000", expected octal digits/],
  ["altered without its checksum", /damaged at byte 512: the header's checksum is \d+, expected \d+/],
  ["hard link with a size", /damaged at byte 1024: it has no ustar header there/],
]);

test("a TarFile reads what Python's tarfile reads, and refuses what it refuses or takes for the end", () => {
  for (const { what, gzip, python } of cases.cases) {
    const bytes = gunzipSync(Buffer.from(gzip, "base64"));
    if (python.refused !== undefined || refusedHere.has(what)) {
      assert.throws(
        () => written(bytes),
        refusedHere.get(what) ?? /the tar archive is (damaged|empty)/,
        what,
      );
      continue;
    }
    const archive = written(bytes);
    for (const [path, content] of Object.entries(python.files)) {
      assert.equal(archive.read(path).toString("latin1"), content, what);
    }
    for (const path of ["folder", "folder/", "link"])
      assert.throws(() => archive.read(path), /holds no/, what);
  }
});

test("a TarFile refuses negative sizes, on which readers have looped for ever (CVE-2025-8194)", () => {
  for (const size of ["-0000001000", "-00000000-1", "-0000000000", "  -00001000"]) {
    const entry = tarEntry("x", "", { size });
    assert.throws(
      () => written(Buffer.concat([entry, Buffer.alloc(1024)])),
      /damaged at byte 0: the entry's size/,
    );
  }
});

test("a TarFile names what is damaged, and where", () => {
  assert.throws(
    () => written(tarEntry("long", long).subarray(0, 1024)),
    /damaged at byte 0: the entry has 700 bytes, but the archive only 512 more/,
  );
  assert.throws(() => written(Buffer.alloc(2048, "text")), /damaged at byte 0: it has no ustar header there/);
  const archive = written(tarEntry("long", long));
  assert.throws(() => archive.read("long", 699), /the archive's long has 700 bytes, expected at most 699/);
});

test("an archive of which any bytes were altered is read to its end, or refused as damaged", () => {
  const whole = gunzipSync(Buffer.from(cases.cases[0]!.gzip, "base64"));
  const alteration = fc.tuple(
    fc.nat(whole.length - 1),
    fc.oneof(fc.nat(255), fc.constantFrom(0x2d, 0x80, 0xff)),
  );
  fc.assert(
    fc.property(
      fc.array(alteration, { minLength: 1, maxLength: 4 }),
      fc.nat(whole.length),
      (altered, length) => {
        const bytes = Buffer.from(whole.subarray(0, length));
        for (const [at, byte] of altered) bytes[at % Math.max(length, 1)] = byte;
        try {
          written(bytes);
          return true;
        } catch (error) {
          return /^the tar archive is (damaged at byte \d+: .|empty)/.test((error as Error).message);
        }
      },
    ),
    { numRuns: 1000, seed: 18 },
  );
});
