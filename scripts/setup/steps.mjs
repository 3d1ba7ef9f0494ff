import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "./command.mjs";
import { npmRegistry } from "./downloads.mjs";
import { projectEnvironment } from "./environment.mjs";
import { findPython } from "./find-python.mjs";
import { kernelspec, kernelspecPath } from "./jupyter.mjs";
import { cache, python, root, venv } from "./paths.mjs";
import { pip } from "./pip.mjs";
import { tensorflowStep } from "./tensorflow.mjs";

/** @typedef {(text: string) => void} Show Told how far a step is. */

const requirements = join(root, "scripts", "python", "requirements.txt");
const lockfile = join(root, "package-lock.json");
const translator = join(root, "kernel", "papermill");

/**
 * What the set-up makes, in order.
 *
 * @param {"cpu" | "gpu"} [device] What TensorFlow shall run on.
 * @returns {import("./step.mjs").Step[]}
 */
export const steps = (device) => [
  {
    name: "npm packages",
    stamp: join(root, "node_modules", ".weightspace"),
    stampText: () => hash(platform(), read(lockfile), read(join(root, ".npmrc"))),
    space: 1.0e9,
    make: installNpmPackages,
  },
  {
    name: "Python environment",
    stamp: join(venv, ".weightspace"),
    // It holds absolute paths, so a project that was moved needs a new one; so does one whose Python is gone.
    stampText: () => hash(platform(), root, read(requirements), existsSync(python) ? "" : "no Python"),
    check: () => void findPython(),
    space: 0.5e9,
    make: makePythonEnvironment,
  },
  {
    name: "papermill for TypeScript",
    stamp: join(venv, ".weightspace-papermill"),
    stampText: () => hash(...sources(translator).map(read)),
    make: installTranslator,
  },
  {
    name: "Jupyter kernel",
    stamp: kernelspecPath,
    stampText: () => `${JSON.stringify(kernelspec(), null, 2)}\n`,
    // The kernelspec is its own stamp.
    make: async () => {},
  },
  tensorflowStep(device),
];

/** @param {Show} show */
async function installNpmPackages(show) {
  const packages = Object.keys(JSON.parse(read(lockfile)).packages).length;
  const [command, ...args] = npm();
  // All packages, whatever NODE_ENV or the user's settings leave out elsewhere.
  const install = ["ci", "--include=dev", "--include=optional"];
  await runQuietly("npm ci", command, [...args, ...install, "--loglevel", "http", "--no-progress"], {
    isProgress: counter(/^npm http /, packages, show),
    downloads: {
      what: "npm ci",
      folders: [join(cache, "npm"), join(root, "node_modules")],
      source: () => npmRegistry([command, ...args]),
    },
  });
}

/**
 * How to run npm: the one that runs this script, where one does; on Windows the one beside node.
 *
 * @returns {[command: string, ...args: string[]]}
 */
function npm() {
  const cli = join("npm", "bin", "npm-cli.js");
  const caller = process.env.npm_execpath;
  if (caller?.endsWith(cli)) return [process.execPath, caller];
  return process.platform === "win32"
    ? [process.execPath, join(process.execPath, "..", "node_modules", cli)]
    : ["npm"];
}

/** @param {Show} show */
async function makePythonEnvironment(show) {
  const base = findPython();
  show("empty environment");
  rmSync(venv, { recursive: true, force: true });
  await runQuietly("Making the Python environment", base, ["-m", "venv", venv]);
  const packages = [...read(requirements).matchAll(/^\S+==/gm)].length;
  const install = ["install", "--require-hashes", "--only-binary", ":all:", "--progress-bar", "off"];
  await pip(python, "pip install", [...install, "--requirement", requirements], {
    isProgress: counter(/^Collecting /, packages, show),
  });
  // IPython does not make its folder where it is told to: it takes a temporary one.
  mkdirSync(projectEnvironment().IPYTHONDIR, { recursive: true });
}

async function installTranslator() {
  await pip(python, "pip install", [
    "install",
    "--no-build-isolation",
    "--no-deps",
    "--no-index",
    translator,
  ]);
}

/**
 * Counts the lines that fit a pattern, of which there will be about `total`.
 *
 * @param {RegExp} pattern
 * @param {number} total
 * @param {Show} show
 * @returns {(line: string) => boolean} Gets each line, and says whether it fits.
 */
function counter(pattern, total, show) {
  let seen = 0;
  return (line) => {
    const counts = pattern.test(line);
    if (counts) show(`${Math.min(++seen, total)} of about ${total} packages`);
    else if (line.startsWith("Installing ")) show("unpacking");
    return counts;
  };
}

/** @param {string} folder */
function sources(folder) {
  return readdirSync(folder)
    .filter((name) => /\.(py|toml)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function platform() {
  return `${process.platform}-${process.arch}`;
}

/** @param {string} path */
function read(path) {
  return readFileSync(path, "utf8");
}

/** @param {string[]} texts */
function hash(...texts) {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex");
}
