import assert from "node:assert/strict";
import { test } from "node:test";
import { readTar } from "./tar";

/** An entry in the ustar format as POSIX.1-1988 lays it out, without a checksum. */
function entry(name: string, content: string, { prefix = "", type = "0" } = {}): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, "0"), 124);
  header.write(type, 156);
  header.write("ustar", 257);
  header.write(prefix, 345);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

const end = Buffer.alloc(1024);

test("readTar gives the regular files of an archive by their whole path", () => {
  const long = "x".repeat(700);
  const archive = Buffer.concat([
    entry("folder/", "", { type: "5" }),
    entry("folder/long", long),
    entry("short", "abc", { prefix: "a/b" }),
    entry("empty", ""),
    end,
  ]);
  const files = [...readTar(archive)].map(([path, content]) => [path, content.toString()]);
  assert.deepEqual(files, [
    ["folder/long", long],
    ["a/b/short", "abc"],
    ["empty", ""],
  ]);
});

test("readTar refuses an archive that is cut off, and what is no archive", () => {
  const archive = entry("long", "x".repeat(700));
  assert.throws(() => readTar(archive.subarray(0, 1024)), /1024 bytes is damaged at byte 0/);
  assert.throws(() => readTar(Buffer.alloc(2048, "text")), /damaged at byte 0/);
});
