import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { run, runQuietly } from "./command.mjs";
import { compileBinding } from "./compiler.mjs";
import { checkSpace } from "./disk-space.mjs";
import { python, root } from "./paths.mjs";
import { pip } from "./pip.mjs";
import { hostPlatform, wheelTags } from "./platform.mjs";

/** What each device's libraries come from, how many bytes are downloaded, and how many lie on the disk at the worst. */
const VARIANTS = {
  cpu: { requirements: "tensorflow-cpu.txt", download: 282e6, space: 1.8e9 },
  gpu: { requirements: "tensorflow-gpu.txt", download: 3.2e9, space: 12e9 },
};

/** @typedef {keyof typeof VARIANTS} Device What TensorFlow runs on. */

const UNPACKED = ["tensorflow/libtensorflow_", "tensorflow/include/tensorflow/c/", "nvidia/"].concat(
  ["tensorflow/core/platform/", "tsl/platform/", "xla/tsl/c/"].map((path) => `tensorflow/include/${path}`),
);

const place = join(root, ".tensorflow");
const temporary = join(root, ".tensorflow.new");
const BINDING = "tfjs_binding.node";
const stamp = join(place, "binding.json");

/**
 * The native backend: TensorFlow's libraries from PyPI, and the binding of @tensorflow/tfjs-node-gpu compiled from
 * the package's own sources against them. It is made in a temporary folder, tried in a process of its own, and
 * moved into place when it works. Without it the notebooks run on a slower backend.
 *
 * @param {"cpu" | "gpu"} [device] Which libraries; those there are by default, or those for the CPU.
 * @returns {import("./step.mjs").Step}
 */
export function tensorflowStep(device = installedDevice()) {
  return {
    name: `TensorFlow (${device})`,
    stamp,
    stampText: () => stampFor(device),
    make: (show) => makeBackend(device, show),
    otherwise: "The notebooks will run on a slower backend; the next set-up tries again.",
  };
}

function installedDevice() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === stampFor("gpu") ? "gpu" : "cpu";
}

/**
 * Says what the binding is made of: lib refuses one that does not fit.
 *
 * @param {Device} device
 */
function stampFor(device) {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const pin = /^tensorflow\S*==(\S+)/m.exec(readFileSync(requirementsOf(device), "utf8"));
  const [, tensorflow] = /** @type {RegExpExecArray} */ (pin);
  const description = {
    tensorflow,
    "tfjs-node-gpu": packages["node_modules/@tensorflow/tfjs-node-gpu"].version,
    device,
    platform: hostPlatform(),
  };
  return `${JSON.stringify(description, null, 2)}\n`;
}

/**
 * @param {Device} device
 * @param {(text: string) => void} show Told how far it is.
 */
async function makeBackend(device, show) {
  const tags = wheelTags(device);
  checkSpace(`TensorFlow's ${device} libraries`, VARIANTS[device].space);
  rmSync(temporary, { recursive: true, force: true });
  try {
    const wheels = await download(device, tags, show);
    show("unpacking");
    await runQuietly("Unpacking", python, unpackCommand(wheels));
    await compileBinding(temporary, BINDING, show);
    for (const used of ["wheels", "tensorflow/include", "zig"])
      rmSync(join(temporary, used), { recursive: true, force: true });
    await strip();
    show("trying");
    await tryBackend();
    rmSync(place, { recursive: true, force: true });
    renameSync(temporary, place);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * Downloads the wheels for CPython 3.12, whichever Python runs this: only their libraries are used.
 *
 * @param {Device} device
 * @param {string[]} tags Those of the platform.
 * @param {(text: string) => void} show Told how far it is.
 * @returns {Promise<string[]>} The wheels' paths.
 */
async function download(device, tags, show) {
  const wheels = join(temporary, "wheels");
  mkdirSync(wheels, { recursive: true });
  const { download: total } = VARIANTS[device];
  // At the end pip copies what it has downloaded, which then counts twice.
  const watch = setInterval(
    () => show(`${megabytes(Math.min(sizeOf(temporary), total))} of about ${megabytes(total)}`),
    500,
  );
  const target = ["--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"];
  for (const tag of tags) target.push("--platform", tag);
  try {
    await pip(
      python,
      "Downloading TensorFlow",
      ["download", "--progress-bar", "off"].concat(
        ["--no-deps", "--only-binary", ":all:", "--require-hashes", ...target],
        ["--dest", wheels, "--requirement", requirementsOf(device)],
      ),
      // pip writes its temporary files beside what it downloads, where there is space and the progress is seen.
      { env: { TMPDIR: temporary } },
    );
  } finally {
    clearInterval(watch);
  }
  return readdirSync(wheels).map((name) => join(wheels, name));
}

/** @param {string[]} wheels */
function unpackCommand(wheels) {
  return [join(root, "scripts", "python", "unpack.py"), temporary, ...UNPACKED, "--", ...wheels];
}

/** Leaves out the libraries' local symbols, a quarter of their size, where there is a tool for it. */
async function strip() {
  const folder = join(temporary, "tensorflow");
  const libraries = readdirSync(folder).map((name) => join(folder, name));
  const flags = process.platform === "darwin" ? ["-x"] : ["--strip-unneeded"];
  const ignore = () => {};
  await run("strip", [...flags, ...libraries], { onLine: ignore }).catch(ignore);
}

async function tryBackend() {
  await runQuietly(
    "Trying the native backend",
    process.execPath,
    [join(root, "scripts", "setup", "try-tensorflow.cjs")],
    { env: { ...process.env, WEIGHTSPACE_TENSORFLOW: temporary } },
  );
}

/** @param {Device} device */
function requirementsOf(device) {
  return join(root, "scripts", "python", VARIANTS[device].requirements);
}

/**
 * How many bytes the files below a folder hold; files may come and go meanwhile.
 *
 * @param {string} folder
 */
function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).reduce((total, name) => {
    const file = statSync(join(folder, name), { throwIfNoEntry: false });
    return total + (file?.isFile() ? file.size : 0);
  }, 0);
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}
