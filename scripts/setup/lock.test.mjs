import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "./lock.mjs";

const newLock = () => join(mkdtempSync(join(tmpdir(), "lock-")), "folder", "lock");
const deadPid = () => spawnSync(process.execPath, ["-e", ""]).pid;

/**
 * A lock as another process left it.
 *
 * @param {(number | undefined)[]} pids
 * @param {string} [host]
 */
function lockOf(pids, host = hostname()) {
  const path = join(mkdtempSync(join(tmpdir(), "lock-")), "lock");
  writeFileSync(path, JSON.stringify({ host, pids }));
  return path;
}

test("processes that want the same lock at once hold it one after another", async () => {
  const path = newLock();
  const log = `${path}.log`;
  const program = `
    import { appendFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    import { withLock } from ${JSON.stringify(new URL("./lock.mjs", import.meta.url).href)};
    await withLock(${JSON.stringify(path)}, async () => {
      appendFileSync(${JSON.stringify(log)}, "in ");
      await sleep(300);
      appendFileSync(${JSON.stringify(log)}, "out ");
    });`;
  const processes = [1, 2, 3].map(() => spawn(process.execPath, ["--input-type=module", "-e", program]));
  await Promise.all(processes.map((process) => new Promise((resolve) => process.on("close", resolve))));
  assert.equal(readFileSync(log, "utf8"), "in out ".repeat(3));
  assert.ok(!existsSync(path));
});

test("a waiting process is told once who holds the lock", async () => {
  const path = newLock();
  /** @type {(number | undefined)[]} */
  const told = [];
  let waiting;
  await withLock(path, async () => {
    waiting = withLock(path, async () => "mine", { onWait: (pid) => told.push(pid) });
    await sleep(700);
  });
  assert.equal(await waiting, "mine");
  assert.deepEqual(told, [process.pid]);
});

test("the lock is given back when the work fails", async () => {
  const path = newLock();
  await assert.rejects(
    withLock(path, async () => assert.fail("on purpose")),
    /on purpose/,
  );
  assert.ok(!existsSync(path));
});

test("the lock of a dead process is taken over", async () => {
  assert.equal(await withLock(lockOf([deadPid()]), async () => "mine"), "mine");
});

test("the lock of a dead process is waited for while a process that it started still runs", async () => {
  const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"]);
  let held = false;
  const mine = withLock(lockOf([deadPid(), child.pid]), async () => {
    held = true;
  });
  await sleep(500);
  assert.equal(held, false);
  child.kill();
  await mine;
  assert.equal(held, true);
});

test("a lock of another machine is taken over once it is no longer rewritten", async () => {
  const path = lockOf([process.pid], "elsewhere");
  let held = false;
  const mine = withLock(path, async () => {
    held = true;
  });
  await sleep(500);
  assert.equal(held, false);
  const aMinuteAgo = Date.now() / 1000 - 60;
  utimesSync(path, aMinuteAgo, aMinuteAgo);
  await mine;
  assert.equal(held, true);
});
