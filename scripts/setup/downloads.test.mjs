import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runQuietly } from "./command.mjs";
import { npmRegistry } from "./downloads.mjs";
import { python } from "./paths.mjs";
import { pip } from "./pip.mjs";

const scratch = mkdtempSync(join(tmpdir(), "downloads-test-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** A server that accepts connections and never answers; `closed` resolves when the last connection has ended. */
async function silentServer() {
  const server = createServer((socket) => socket.on("error", () => {}).resume()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const closed = () => {
    const ended = once(server, "close");
    server.close();
    return ended;
  };
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { host: `127.0.0.1:${port}`, closed };
}

/**
 * Runs a program of Node that is given the folder as its argument.
 *
 * @param {string} program
 * @param {number} within The milliseconds in which something must come.
 * @param {string} [folder] Where what it downloads comes.
 */
function runWatched(program, within, folder = mkdtempSync(join(scratch, "folder-"))) {
  const downloads = { what: "Fetching", folders: [folder], source: () => "the registry x.org", within };
  return runQuietly("Fetching", process.execPath, ["-e", program, folder], { downloads });
}

/** @param {number} within In seconds. */
const stalled = (within) => ({
  message: new RegExp(
    `^Fetching was ended: for ${within} s, the registry x\\.org sent less than 262144 bytes`,
  ),
});

test("a command that is silent is killed, with the processes that it has started", async () => {
  // The inner process holds the output open: the command would not count as ended if it lived on.
  const program = `
    const inner = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
    require("child_process").spawn(process.execPath, ["-e", inner], { stdio: "inherit" });
    setInterval(() => {}, 1000);`;
  await assert.rejects(runWatched(program, 1000), stalled(1));
});

test("a command that gets single bytes, or only says that it tries again, is killed", async () => {
  const program = `
    setInterval(() => {
      require("fs").appendFileSync(process.argv[1] + "/part", "x");
      console.log("WARNING: Retrying (Retry(total=4)) after connection broken");
      console.log("npm http fetch GET http://x.org/a attempt 1 failed with ETIMEDOUT");
    }, 50);`;
  await assert.rejects(runWatched(program, 1000), stalled(1));
});

test("a command whose folder grows, or that says something, is left to its end", async () => {
  for (const progress of [
    'require("fs").writeFileSync(require("path").join(process.argv[1], String(i)), Buffer.alloc(2 ** 18))',
    "console.log(i)",
  ]) {
    const program = `
      let i = 0;
      const timer = setInterval(() => {
        ${progress};
        if (++i === 20) clearInterval(timer);
      }, 150);`;
    await runWatched(program, 2000);
  }
});

test("pip names an index that never answers, and ends", async () => {
  const { host, closed } = await silentServer();
  const env = {
    PIP_INDEX_URL: `http://user:secret@${host}/simple`,
    PIP_CONFIG_FILE: "/dev/null",
    TMPDIR: scratch,
  };
  const args = ["download", "--dest", scratch, "weightspace-noise==1.0"];
  await assert.rejects(
    pip(python, "pip download", args, { env, within: 3000 }),
    (/** @type {Error} */ error) => {
      assert.match(
        error.message,
        new RegExp(`^pip download was ended: for 3 s, the Python package index ${host} sent`),
      );
      assert.doesNotMatch(error.message, /secret/);
      return true;
    },
  );
  await closed();
});

test("npm's registry is named when it never answers, and npm ends", async () => {
  const { host, closed } = await silentServer();
  process.env.npm_config_registry = `http://${host}/`;
  try {
    const downloads = {
      what: "npm view",
      folders: [scratch],
      source: () => npmRegistry(["npm"]),
      within: 3000,
    };
    const view = runQuietly("npm view", "npm", ["view", "weightspace-noise"], { downloads });
    await assert.rejects(
      view,
      new RegExp(`^Error: npm view was ended: for 3 s, the npm registry ${host} sent`),
    );
    await closed();
  } finally {
    delete process.env.npm_config_registry;
  }
});
