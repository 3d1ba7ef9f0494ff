import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { gunzipFile, gunzipTo } from "./gunzip";

const scratch = mkdtempSync(join(tmpdir(), "gunzip-test-"));
after(() => rmSync(scratch, { recursive: true }));
const signal = new AbortController().signal;

function written(name: string, content: Uint8Array): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  return path;
}

test("a gzipped file is unpacked, also one that is just as large as allowed, empty, or of several members", async () => {
  // gzip.compress(b"weightspace\n", 9, mtime=0) of Python 3.11
  const fromPython = Buffer.from("H4sIAAAAAAACAytPzUzPKCkuSExO5QIAzBRtQQwAAAA=", "base64");
  const two = Buffer.concat([fromPython, fromPython]);
  for (const [content, expected] of [
    [fromPython, "weightspace\n"],
    [two, "weightspace\nweightspace\n"],
    [gzipSync(""), ""],
  ] as const) {
    const path = written("right.gz", content);
    const target = join(scratch, "right");
    assert.equal(gunzipFile(path, expected.length).toString(), expected);
    await gunzipTo(path, target, expected.length, signal);
    assert.equal(readFileSync(target, "utf8"), expected);
  }
});

test("a gzip bomb is unpacked no further than allowed, in memory and on disk", async () => {
  const path = written("bomb.gz", gzipSync(Buffer.alloc(2 ** 27)));
  const message = /bomb\.gz unpacks to more than the 100000 bytes expected/;
  const before = process.memoryUsage().arrayBuffers;
  assert.throws(() => gunzipFile(path, 100_000), message);
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 ** 25);
  const target = join(scratch, "unpacked");
  await assert.rejects(gunzipTo(path, target, 100_000, signal), message);
  assert.ok(statSync(target).size <= 100_000);
});

test("what is no gzip, was cut or altered is refused with its path", async () => {
  const whole = gzipSync("weightspace".repeat(100));
  const altered = Buffer.from(whole);
  altered[altered.length - 6]! ^= 1; // in the checksum
  for (const content of [Buffer.from("a page"), Buffer.alloc(0), whole.subarray(0, 30), altered]) {
    const path = written("wrong.gz", content);
    assert.throws(() => gunzipFile(path, 10_000), /wrong\.gz cannot be unpacked: /);
    await assert.rejects(
      gunzipTo(path, join(scratch, "wrong"), 10_000, signal),
      /wrong\.gz cannot be unpacked: /,
    );
  }
});
