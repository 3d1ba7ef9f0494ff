import { spawnSync } from "node:child_process";

const OLDEST_NODE = [20, 10];
const OLDEST_PYTHON = [3, 10];

const HOW_TO_INSTALL = `Install Python, then run this again:
  Debian, Ubuntu  sudo apt install python3 python3-venv
  Fedora          sudo dnf install python3
  macOS           brew install python
  Windows         winget install Python.Python.3.13
or name the one to use in the environment variable WEIGHTSPACE_PYTHON.`;

/** Says what a Python is, as JSON: its version, its real path, and whether it can make an environment with pip. */
const PROBE = `
import json, sys
try:
    import ensurepip, venv
    complete = True
except ImportError:
    complete = False
print(json.dumps({"path": sys.executable, "version": list(sys.version_info[:3]), "complete": complete}))`;

/** @throws {Error} If this Node is too old, with what to install. */
export function checkNode(version = process.versions.node) {
  if (isOlder(version.split(".").map(Number), OLDEST_NODE)) {
    throw new Error(
      `Node ${OLDEST_NODE.join(".")} or later is needed; this is ${version}. ` +
        "Install a current release (https://nodejs.org), then run this again.",
    );
  }
}

/**
 * Finds a Python that can make the project's environment: the one named by WEIGHTSPACE_PYTHON, else the first
 * fit one of the usual names.
 *
 * @param {NodeJS.ProcessEnv} [env] The environment to look in.
 * @returns {string} Its path.
 * @throws {Error} If there is none, with what was found instead and what to install.
 */
export function findPython(env = process.env) {
  const named = env.WEIGHTSPACE_PYTHON;
  const found = [];
  for (const name of named ? [named] : ["python3", "python", "py"]) {
    const candidate = probe(name, env);
    if (!candidate) found.push(`${name}: not found`);
    else if (isOlder(candidate.version, OLDEST_PYTHON))
      found.push(`${name}: ${candidate.version.join(".")}, too old`);
    else if (!candidate.complete)
      found.push(`${name}: ${candidate.version.join(".")}, ${withoutPip(candidate)}`);
    else return candidate.path;
  }
  throw new Error(
    `Python ${OLDEST_PYTHON.join(".")} or later with venv and pip is needed, for Jupyter. Looked at:\n` +
      `${found.map((line) => `  ${line}`).join("\n")}\n${HOW_TO_INSTALL}`,
  );
}

function probe(name, env) {
  const { status, stdout } = spawnSync(name, ["-c", PROBE], { encoding: "utf8", env });
  return status === 0 ? JSON.parse(stdout) : undefined;
}

function withoutPip({ version: [major, minor] }) {
  return `without ensurepip (Debian, Ubuntu: sudo apt install python${major}.${minor}-venv)`;
}

function isOlder(version, oldest) {
  const [major, minor] = version;
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}
