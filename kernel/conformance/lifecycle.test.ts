import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, kernelCommand } from "../testing/client";
import { within } from "../testing/deadline";
import { descendants, stillRunning } from "../testing/processes";

let client: Client;
before(async () => {
  client = await Client.start({ cwd: __dirname });
});
after(() => client.close());

test("the heartbeat comes back as it was sent", async () => {
  for (let i = 0; i < 3; i++) await within(1000, "the heartbeat", client.heartbeat());
});

test("kernel_info says what the kernel is and which protocol and language it speaks", async () => {
  for (const channel of ["shell", "control"] as const) {
    const { reply } = await client.request("kernel_info_request", {}, channel);
    assert.equal(reply.status, "ok");
    assert.match(reply.protocol_version, /^5\.\d+$/);
    for (const field of ["implementation", "implementation_version", "banner"]) {
      assert.ok(typeof reply[field] === "string" && reply[field] !== "", field);
    }
    const { name, version, mimetype, file_extension } = reply.language_info;
    assert.deepEqual([name, file_extension, mimetype], ["typescript", ".ts", "text/typescript"]);
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.ok(Array.isArray(reply.help_links));
  }
});

test("kernel_info lists the optional features, of which there are none", async () => {
  const { reply } = await client.request("kernel_info_request");
  assert.deepEqual(reply.supported_features, []);
});

for (const [channel, restart] of [
  ["control", false],
  ["control", true],
  ["shell", false],
] as const) {
  test(`shutdown on ${channel}${restart ? " for a restart" : ""} is answered, and the kernel and all it started end`, async () => {
    const kernel = await Client.start({ cwd: __dirname });
    try {
      await kernel.execute("1");
      const started = descendants(kernel.process.pid!);
      const { reply } = await kernel.request("shutdown_request", { restart }, channel);
      assert.deepEqual(reply, { status: "ok", restart });
      assert.equal(await within(3000, "the kernel's end", kernel.exited()), 0);
      await untilGone(started);
    } finally {
      await kernel.close();
    }
  });
}

test("a kernel that is shut down while a cell computes answers and ends", async () => {
  const kernel = await Client.start({ cwd: __dirname });
  try {
    const outcome = kernel.begin('console.log("on"); for (;;);');
    await kernel.until(() => outcome.text("stdout") === "on\n");
    const started = descendants(kernel.process.pid!);
    const shutdown = kernel.request("shutdown_request", { restart: false }, "control");
    assert.equal((await within(3000, "the answer", shutdown)).reply.status, "ok");
    await within(3000, "the kernel's end", kernel.exited());
    await untilGone(started);
  } finally {
    await kernel.close();
  }
});

test("SIGTERM to the kernel's process group ends it and all it started", async () => {
  const kernel = await Client.start({ cwd: __dirname });
  try {
    await kernel.execute("1");
    const started = descendants(kernel.process.pid!);
    kernel.signal("SIGTERM");
    await within(3000, "the kernel's end", kernel.exited());
    await untilGone(started);
  } finally {
    await kernel.close();
  }
});

const situations: [what: string, code: string][] = [
  ["is idle", ""],
  ["runs a synchronous loop", "for (;;);"],
  ["waits for a promise that never settles", "await new Promise(() => {});"],
  ["waits for a program it has started", 'require("node:child_process").execSync("sleep 60");'],
];
for (const [what, code] of situations) {
  test(`a kernel whose parent is killed ends, with all it started, while it ${what}`, async () => {
    // A shell that remains the kernel's parent, so that killing it orphans the kernel.
    const command = ["/bin/sh", "-c", '"$@" & wait', "sh", ...kernelCommand];
    const shell = await Client.start({ cwd: __dirname, command });
    let started: number[] = [];
    try {
      const outcome = shell.begin(`console.log("on"); ${code}`);
      await shell.until(() => outcome.text("stdout") === "on\n");
      await sleep(100);
      started = descendants(shell.process.pid!);
      assert.ok(started.length > 0);
      shell.process.kill("SIGKILL");
      await untilGone(started);
    } finally {
      for (const pid of stillRunning(started)) process.kill(pid, "SIGKILL");
      await shell.close();
    }
  });
}

/** Waits until none of these processes runs any more, for at most 5 s. */
async function untilGone(pids: number[]): Promise<void> {
  for (let i = 0; i < 50 && stillRunning(pids).length > 0; i++) await sleep(100);
  assert.deepEqual(stillRunning(pids), [], "these processes still run");
}
