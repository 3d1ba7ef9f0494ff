import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { findPython } from "./find-python.mjs";

/**
 * An environment whose PATH has only these programs.
 *
 * @param {Record<string, string>} programs Shell scripts by name.
 */
function environment(programs) {
  const folder = mkdtempSync(join(tmpdir(), "pythons-"));
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return { PATH: folder };
}

/**
 * A script that answers the probe as a Python of this version would.
 *
 * @param {string} version
 * @param {Partial<import("./find-python.mjs").Answer>} [change] What it answers differently.
 */
function python(version, { path = `/real/${version}`, ...change } = {}) {
  const answer = {
    path,
    version: version.split(".").map(Number),
    implementation: "CPython",
    bits: 64,
    freeThreaded: false,
    complete: true,
    ...change,
  };
  return `echo '${JSON.stringify(answer)}'`;
}

const unix = { skip: process.platform === "win32" };
/** @param {Record<string, string>} programs As of `environment`. */
const find = (programs) => findPython(environment(programs), "linux");

test("the usual python3 is taken where it fits, whatever else there is", unix, () => {
  assert.equal(find({ python3: python("3.11.2"), "python3.14": python("3.14.0") }), "/real/3.11.2");
});

test("a good Python of any supported version is found beside an old python3", unix, () => {
  for (const minor of [10, 11, 12, 13, 14]) {
    const version = `3.${minor}.0`;
    const programs = { python3: python("3.8.18"), [`python3.${minor}`]: python(version) };
    assert.equal(find(programs), `/real/${version}`);
  }
  assert.equal(find({ python3: python("3.9.18"), python: python("3.10.0") }), "/real/3.10.0");
});

for (const [kind, unfit] of [
  ["too old", python("3.9.1")],
  ["of Python 2", python("2.7.18")],
  ["too new", python("3.15.0")],
  ["not CPython", python("3.11.13", { implementation: "PyPy" })],
  ["of 32 bits", python("3.11.9", { bits: 32 })],
  ["free-threaded", python("3.14.0", { freeThreaded: true })],
  ["without ensurepip", python("3.11.2", { complete: false })],
  ["a shim of nothing", "echo 'pyenv: python3: command not found' >&2; exit 127"],
  ["no Python", "echo hello"],
]) {
  test(`a python3 that is ${kind} is passed over`, unix, () => {
    assert.equal(find({ python3: unfit, "python3.12": python("3.12.4") }), "/real/3.12.4");
  });
}

test("a Python that prints something before its answer is understood", unix, () => {
  assert.equal(find({ python3: `echo "a site's greeting"; ${python("3.12.4")}` }), "/real/3.12.4");
});

test("on Windows the launcher's Pythons are found", unix, () => {
  const py = `[ "$1" = -3.13 ] && ${python("3.13.1")}`;
  assert.equal(findPython(environment({ py }), "win32"), "/real/3.13.1");
  assert.throws(() => findPython(environment({ py }), "linux"), /none of python3, python, python3\.14/);
});

test("WEIGHTSPACE_PYTHON is the only Python looked at", unix, () => {
  const env = environment({ python3: python("3.12.0"), mine: python("3.13.1"), old: python("3.9.1") });
  /** @param {string} name */
  const named = (name) => findPython({ ...env, WEIGHTSPACE_PYTHON: name });
  assert.equal(named(join(env.PATH, "mine")), "/real/3.13.1");
  assert.throws(() => named(join(env.PATH, "old")), /old: 3\.9\.1, too old/);
  assert.throws(() => named("/nowhere"), /none of \/nowhere/);
});

test("without a Python that fits the error lists what was found and what to install", unix, () => {
  const programs = {
    python3: python("3.11.2", { complete: false }),
    python: python("2.7.18"),
    "python3.10": "echo 'Killed by test' >&2; exit 1",
  };
  assert.throws(() => find(programs), {
    message: new RegExp(
      "^Python 3\\.10 to 3\\.14 with venv and pip is needed, for Jupyter\\. Found:\\n" +
        "  python3: 3\\.11\\.2, without ensurepip \\(Debian, Ubuntu: sudo apt install python3\\.11-venv\\)\\n" +
        "  python: 2\\.7\\.18, too old\\n" +
        "  python3\\.10: does not run: Killed by test\\n(.|\\n)*apt install python3 python3-venv",
    ),
  });
});

test("a real Python answers the probe, even where the environment's settings are another one's", unix, () => {
  assert.match(findPython(), /python/);
});
