import { spawnSync } from "node:child_process";

/** The minor versions of Python 3 for which scripts/python/requirements.txt has the hashes of every package. */
const OLDEST = 10;
const NEWEST = 14;

const ANSWERS_WITHIN_MS = 60_000;

const HOW_TO_INSTALL = `Install Python, then run this again:
  Debian, Ubuntu  sudo apt install python3 python3-venv
  Fedora          sudo dnf install python3
  macOS           brew install python@3.${NEWEST - 1}
  Windows         winget install Python.Python.3.${NEWEST - 1}
or name the one to use in the environment variable WEIGHTSPACE_PYTHON.`;

/**
 * What a Python answers to the probe.
 *
 * @typedef {object} Answer
 * @property {string} path
 * @property {number[]} version Such as [3, 12, 4].
 * @property {string} implementation Such as "CPython".
 * @property {number} bits
 * @property {boolean} freeThreaded
 * @property {boolean} complete Whether it can make environments that have pip.
 */

/**
 * A program and its first arguments.
 *
 * @typedef {[command: string, ...args: string[]]} Command
 */

/** Prints, as JSON in its last line, what `faultOf` needs to know of a Python. Python 2 can run it too. */
const PROBE = `
import json, platform, sys, sysconfig
try:
    import ensurepip, venv
    complete = bool(ensurepip.version())
except Exception:
    complete = False
print(json.dumps({
    "path": sys.executable,
    "version": list(sys.version_info[:3]),
    "implementation": platform.python_implementation(),
    "bits": 64 if sys.maxsize > 2**32 else 32,
    "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "complete": complete,
}))`;

/**
 * Finds a Python that can make the project's environment: the one named by WEIGHTSPACE_PYTHON, else the first that
 * fits of python3, python, python3.14 … python3.10 and, on Windows, those that its launcher `py` knows.
 *
 * @param {NodeJS.ProcessEnv} [env] The environment to look in.
 * @param {NodeJS.Platform} [platform]
 * @returns {string} Its path.
 * @throws {Error} If there is none, with what was found instead and what to install.
 */
export function findPython(env = process.env, platform = process.platform) {
  const named = env.WEIGHTSPACE_PYTHON;
  /** @type {Command[]} */
  const candidates = named ? [[named]] : usualNames(platform);
  const faults = [];
  for (const candidate of candidates) {
    const { python, fault } = probe(candidate, env);
    if (python) return python;
    if (fault) faults.push(`${candidate.join(" ")}: ${fault}`);
  }
  if (faults.length === 0) faults.push(`none of ${candidates.map((words) => words.join(" ")).join(", ")}`);
  throw new Error(
    `Python 3.${OLDEST} to 3.${NEWEST} with venv and pip is needed, for Jupyter. Found:\n` +
      `${faults.map((line) => `  ${line}`).join("\n")}\n${HOW_TO_INSTALL}`,
  );
}

/**
 * @param {NodeJS.Platform} platform
 * @returns {Command[]}
 */
function usualNames(platform) {
  const versions = [];
  for (let minor = NEWEST; minor >= OLDEST; minor--) versions.push(`3.${minor}`);
  const names = ["python3", "python", ...versions.map((version) => `python${version}`)];
  /** @type {Command[]} */
  const launched = platform === "win32" ? versions.map((version) => ["py", `-${version}`]) : [];
  /** @type {Command[]} */
  const found = names.map((name) => [name]);
  return [...found, ...launched];
}

/**
 * The path of a Python that fits, or the fault of one that does not; neither where there is no such program.
 *
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ python?: string, fault?: string }}
 */
function probe([command, ...args], env) {
  const ended = spawnSync(command, [...args, "-c", PROBE], {
    encoding: "utf8",
    env,
    timeout: ANSWERS_WITHIN_MS,
  });
  const { status, stdout, stderr } = ended;
  /** @type {NodeJS.ErrnoException | undefined} */
  const error = ended.error;
  if (error?.code === "ENOENT") return {};
  if (error) return { fault: `does not run: ${error.message}` };
  if (status !== 0) return { fault: `does not run: ${firstLine(stderr) || `exit code ${status}`}` };
  const answer = parse(stdout);
  if (!answer) return { fault: `is no Python: it answered "${firstLine(stdout)}"` };
  const fault = faultOf(answer);
  return fault ? { fault } : { python: answer.path };
}

/**
 * @param {string} output
 * @returns {Answer | undefined} Its last line.
 */
function parse(output) {
  try {
    return JSON.parse(output.trim().split("\n").at(-1) ?? "");
  } catch {
    return undefined;
  }
}

/** @param {string} text */
function firstLine(text) {
  return text.trim().split("\n")[0];
}

/**
 * What makes a Python unfit, or undefined.
 *
 * @param {Answer} answer
 */
function faultOf({ version, implementation, bits, freeThreaded, complete }) {
  const [major, minor] = /** @type {[number, number]} */ (version);
  const name = version.join(".");
  if (major < 3 || (major === 3 && minor < OLDEST)) return `${name}, too old`;
  if (major > 3 || minor > NEWEST) return `${name}, too new: not all packages have been built for it`;
  if (implementation !== "CPython") return `${name}, ${implementation} in place of CPython`;
  if (bits !== 64) return `${name}, of ${bits} bits in place of 64`;
  if (freeThreaded) return `${name}, free-threaded: not all packages have been built for it`;
  if (!complete) return `${name}, without ensurepip (Debian, Ubuntu: sudo apt install python3.${minor}-venv)`;
  return undefined;
}
