import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { withLock } from "./with-lock";

const scratch = mkdtempSync(join(tmpdir(), "lock-test-"));
after(() => rmSync(scratch, { recursive: true }));

test("two callers with the same lock run one after the other", async () => {
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

test("releases the lock if the work throws", async () => {
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

test("a holder whose lock was taken over does not release the new holder's lock", async () => {
  const path = join(scratch, "taken over");
  const next = JSON.stringify({ host: hostname(), pid: process.pid, id: "next" });
  await withLock(path, async () => writeFileSync(path, next));
  assert.equal(readFileSync(path, "utf8"), next);
});
