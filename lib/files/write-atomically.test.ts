import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, mock, test } from "node:test";
import { writeAtomically } from "./write-atomically";

const folder = mkdtempSync(join(tmpdir(), "atomic-"));
after(() => rmSync(folder, { recursive: true }));

test("writeAtomically creates the folder, replaces the file and leaves no other file", () => {
  const file = join(folder, "deep", "file.txt");
  writeAtomically(file, "one");
  writeAtomically(file, Buffer.from("two"));
  assert.equal(readFileSync(file, "utf8"), "two");
  assert.deepEqual(readdirSync(join(folder, "deep")), ["file.txt"]);
});

test("writeAtomically removes its temporary file when it fails", () => {
  mkdirSync(join(folder, "taken", "inside"), { recursive: true });
  assert.throws(() => writeAtomically(join(folder, "taken"), "text"));
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".tmp")),
    [],
  );
});

test("writeAtomically removes only its own temporary files that are older than an hour", () => {
  const place = join(folder, "old");
  const old = ["a.json.7.0123456789abcdef.tmp", "b.json.12.0123456789abcdef.tmp"];
  const young = "a.json.8.0123456789abcdef.tmp";
  const others = ["notes.tmp", "a.json.7.0123456789abcdef.tmp.txt", young];
  mkdirSync(place);
  const twoHoursAgo = Date.now() / 1000 - 7200;
  for (const name of [...old, ...others]) {
    writeFileSync(join(place, name), "half");
    if (name !== young) utimesSync(join(place, name), twoHoursAgo, twoHoursAgo);
  }
  writeAtomically(join(place, "a.json"), "whole");
  assert.deepEqual(readdirSync(place).sort(), ["a.json", ...others].sort());
});

test("a process looks for abandoned files at its first write in a folder and after an hour, not at every write", () => {
  const place = join(folder, "looked");
  const old = "a.json.7.0123456789abcdef.tmp";
  const twoHoursAgo = Date.now() / 1000 - 7200;
  const isLeftAfter = (now: () => number) => {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, old), "half");
    utimesSync(join(place, old), twoHoursAgo, twoHoursAgo);
    mock.method(performance, "now", now);
    writeAtomically(join(place, "a.json"), "whole");
    mock.restoreAll();
    return readdirSync(place).includes(old);
  };
  const hour = 3_600_000;
  assert.deepEqual(
    [0, hour - 1, hour].map((time) => isLeftAfter(() => time)),
    [false, true, false],
  );
});

test("concurrent writers that share a process id never leave a partial or mixed file", async () => {
  const file = join(folder, "shared", "file.txt");
  const script = join(__dirname, "testing", "write-repeatedly.ts");
  const ends = ["a", "b", "c", "d"].map((letter) => {
    const child = spawn(process.execPath, ["--import", "tsx", script, file, letter, "60"]);
    let errors = "";
    child.stderr.on("data", (chunk) => (errors += chunk));
    return new Promise<string>((resolve) => child.once("close", (code) => resolve(`${code}${errors}`)));
  });
  assert.deepEqual(await Promise.all(ends), ["0", "0", "0", "0"]);
  assert.deepEqual(readdirSync(join(folder, "shared")), ["file.txt"]);
});
