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

function usualNames(platform) {
  const versions = [];
  for (let minor = NEWEST; minor >= OLDEST; minor--) versions.push(`3.${minor}`);
  const names = ["python3", "python", ...versions.map((version) => `python${version}`)];
  const launched = platform === "win32" ? versions.map((version) => ["py", `-${version}`]) : [];
  return [...names.map((name) => [name]), ...launched];
}

/** The path of a Python that fits, or the fault of one that does not; neither where there is no such program. */
function probe([command, ...args], env) {
  const { error, status, stdout, stderr } = spawnSync(command, [...args, "-c", PROBE], {
    encoding: "utf8",
    env,
    timeout: ANSWERS_WITHIN_MS,
  });
  if (error?.code === "ENOENT") return {};
  if (error) return { fault: `does not run: ${error.message}` };
  if (status !== 0) return { fault: `does not run: ${firstLine(stderr) || `exit code ${status}`}` };
  const answer = parse(stdout);
  if (!answer) return { fault: `is no Python: it answered "${firstLine(stdout)}"` };
  const fault = faultOf(answer);
  return fault ? { fault } : { python: answer.path };
}

function parse(output) {
  try {
    return JSON.parse(output.trim().split("\n").at(-1));
  } catch {
    return undefined;
  }
}

function firstLine(text) {
  return text.trim().split("\n")[0];
}

function faultOf({ version, implementation, bits, freeThreaded, complete }) {
  const [major, minor] = version;
  const name = version.join(".");
  if (major < 3 || (major === 3 && minor < OLDEST)) return `${name}, too old`;
  if (major > 3 || minor > NEWEST) return `${name}, too new: not all packages have been built for it`;
  if (implementation !== "CPython") return `${name}, ${implementation} in place of CPython`;
  if (bits !== 64) return `${name}, of ${bits} bits in place of 64`;
  if (freeThreaded) return `${name}, free-threaded: not all packages have been built for it`;
  if (!complete) return `${name}, without ensurepip (Debian, Ubuntu: sudo apt install python3.${minor}-venv)`;
  return undefined;
}
