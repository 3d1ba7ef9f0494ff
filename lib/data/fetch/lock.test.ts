import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "./lock";

const scratch = mkdtempSync(join(tmpdir(), "lock-test-"));
after(() => rmSync(scratch, { recursive: true }));

test("two that want the same lock work one after the other", async () => {
  const path = join(scratch, "turns");
  const events: string[] = [];
  const work = (name: string) => async () => {
    events.push(`${name} starts`);
    await sleep(50);
    events.push(`${name} ends`);
  };
  await Promise.all([withLock(path, work("one")), withLock(path, work("two"))]);
  assert.equal(events[1], events[0]!.replace("starts", "ends"));
  assert.equal(events[3], events[2]!.replace("starts", "ends"));
});

test("work that throws gives the lock back", async () => {
  const path = join(scratch, "throws");
  await assert.rejects(
    withLock(path, () => Promise.reject(new Error("no"))),
    /no/,
  );
  assert.ok(!existsSync(path));
});

test("waiting for a lock can be interrupted", async () => {
  const path = join(scratch, "waits");
  await withLock(path, async () => {
    const waiting = withLock(path, async () => {}, { signal: AbortSignal.timeout(50) });
    await assert.rejects(waiting, { name: "AbortError" });
  });
});

/** Leaves a lock file that was last touched so many seconds ago. */
function leftBehind(name: string, content: string, seconds: number): string {
  const path = join(scratch, name);
  writeFileSync(path, content);
  const time = Date.now() / 1000 - seconds;
  utimesSync(path, time, time);
  return path;
}

const lockOf = (pid: number, host = hostname()) => JSON.stringify({ host, pid, id: "x" });
const endedPid = () => spawnSync(process.execPath, ["--version"]).pid;

test("the lock of a process that has ended is taken over, that of one that lives is not", async () => {
  await withLock(leftBehind("ended", lockOf(endedPid()), 6), async () => {});
  const impatient = () => ({ signal: AbortSignal.timeout(600) });
  for (const [name, content, seconds] of [
    ["living", lockOf(process.pid), 6],
    ["elsewhere", lockOf(endedPid(), "another"), 6],
    ["just ended", lockOf(endedPid()), 0],
    ["empty", "", 6],
  ] as const) {
    const path = leftBehind(name, content, seconds);
    await assert.rejects(
      withLock(path, async () => {}, impatient()),
      { name: "AbortError" },
      name,
    );
    assert.equal(readFileSync(path, "utf8"), content);
  }
});

test("a lock that nobody has touched for half a minute is taken over, whoever has its process id now", async () => {
  for (const content of [lockOf(process.pid), lockOf(1, "another"), "", "null", "{"]) {
    await withLock(leftBehind("silent", content, 31), async () => {});
  }
});

test("a holder whose lock was taken over leaves the next one's alone", async () => {
  const path = join(scratch, "taken over");
  await withLock(path, async () => writeFileSync(path, lockOf(process.pid)));
  assert.equal(readFileSync(path, "utf8"), lockOf(process.pid));
});
