import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { FileLock, LockAttempt, type WaitOptions } from "./file-lock";

const folder = mkdtempSync(join(tmpdir(), "lock-"));
after(() => rmSync(folder, { recursive: true }));

const never = new AbortController().signal;
const options = (changes: Partial<WaitOptions> = {}): WaitOptions => ({
  ...{ onWait: () => {}, isDone: () => false, signal: never, pollEvery: 1 },
  ...changes,
});
/** Resolves when a caller waits for the lock. */
function waiting(path: string): { lock: Promise<FileLock | undefined>; waits: Promise<string> } {
  let onWait = (_holder: string) => {};
  const waits = new Promise<string>((resolve) => (onWait = resolve));
  return { lock: FileLock.acquire(path, options({ onWait })), waits };
}

test("only one caller holds a lock at a time, and releasing it lets the next one acquire it", async () => {
  const path = join(folder, "deep", "a.lock");
  const first = await FileLock.acquire(path, options());
  const { lock, waits } = waiting(path);
  assert.match(await waits, new RegExp(`process ${process.pid} on ${hostname()}`));
  assert.ok(!first!.isTakenOver);
  first!.release();
  const second = await lock;
  first!.release(); // of a lock that is another's by now
  assert.ok(existsSync(path));
  second!.release();
  assert.deepEqual(readdirSync(join(folder, "deep")), []);
});

test("ten concurrent callers never hold a lock at the same time", async () => {
  const path = join(folder, "b.lock");
  let holders = 0;
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const lock = await FileLock.acquire(path, options());
      assert.equal(++holders, 1);
      await new Promise((resolve) => setTimeout(resolve, 3));
      holders--;
      lock!.release();
    }),
  );
});

test("the lock of a dead process of this machine is taken over at once", async () => {
  const path = join(folder, "c.lock");
  const script = `const { FileLock } = require("./file-lock");
    FileLock.acquire(${JSON.stringify(path)}, { onWait() {}, isDone: () => false, signal: new AbortController().signal })
      .then(() => process.kill(process.pid, "SIGKILL"));`;
  const { signal } = spawnSync(process.execPath, ["--import", "tsx", "-e", script], { cwd: __dirname });
  assert.equal(signal, "SIGKILL");
  assert.ok(existsSync(path));
  const lock = await FileLock.acquire(path, options({ onWait: () => assert.fail("it waits") }));
  lock!.release();
});

test("a lock of another machine, or with invalid content, is taken over after some silence", async () => {
  const path = join(folder, "d.lock");
  // Process 1 is alive in this container but not in that one.
  for (const content of [JSON.stringify({ id: "x", host: "elsewhere pid:[1]", pid: 1 }), "", "half"]) {
    writeFileSync(path, content);
    const attempt = new LockAttempt(path, 100);
    const started = performance.now();
    let lock: FileLock | undefined;
    let beats = 0;
    while (!lock) {
      lock = attempt.take();
      if (performance.now() - started < 150)
        utimesSync(path, ++beats, beats); // by a clock of 1970
      else await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.ok(beats > 10 && performance.now() - started >= 250, `${beats} heartbeats`);
    lock.release();
  }
});

test("a holder detects that its lock was taken over, and restores a deleted file", async ({ mock }) => {
  mock.timers.enable({ apis: ["setInterval"] });
  const path = join(folder, "e.lock");
  const lock = await FileLock.acquire(path, options());
  const content = readFileSync(path, "utf8");
  rmSync(path);
  assert.ok(!lock!.isTakenOver);
  mock.timers.tick(1000);
  assert.equal(readFileSync(path, "utf8"), content);
  writeFileSync(path, JSON.stringify({ id: "other", host: "elsewhere", pid: 1 }));
  mock.timers.tick(1000);
  assert.ok(lock!.isLost && lock!.isTakenOver);
  lock!.release();
  assert.match(readFileSync(path, "utf8"), /other/);
});

test("waiting ends when the lock is no longer needed and when the signal is aborted", async () => {
  const path = join(folder, "f.lock");
  const lock = await FileLock.acquire(path, options());
  let polls = 0;
  assert.equal(await FileLock.acquire(path, options({ isDone: () => ++polls === 3 })), undefined);
  const controller = new AbortController();
  const onWait = () => controller.abort();
  const waits = FileLock.acquire(path, options({ onWait, signal: controller.signal }));
  await assert.rejects(waits, { name: "AbortError" });
  lock!.release();
});

test("throws the file system's error if the lock file cannot be created", async () => {
  writeFileSync(join(folder, "file"), "");
  await assert.rejects(FileLock.acquire(join(folder, "file", "g.lock"), options()), {
    code: /ENOTDIR|EEXIST/ as never,
  });
});
