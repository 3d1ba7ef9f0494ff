import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { processesOf } from "./process-group";

test("the processes of a group are its leader and what that has started, without those that have ended", async () => {
  const program = `require("node:child_process").spawn("sleep", ["30"]); console.log("started"); setInterval(() => {}, 1000);`;
  const leader = spawn(process.execPath, ["--eval", program], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(leader.stdout!, "data");
  const members = processesOf(leader.pid!);
  assert.equal(members.length, 2);
  assert.ok(members.includes(leader.pid!));
  assert.ok(!members.includes(process.pid));
  process.kill(-leader.pid!, "SIGKILL");
  await once(leader, "exit");
  assert.ok(!processesOf(leader.pid!).includes(leader.pid!));
});

test("a group that is not there has no processes", () => {
  assert.deepEqual(processesOf(2 ** 30), []);
});
