import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { isAbsolute, relative } from "node:path";
import { test } from "node:test";
import { projectEnvironment } from "./environment.mjs";
import { python, root } from "./paths.mjs";

/** An environment as conda, a container image or a shell's start-up file leaves it, with a home that cannot exist. */
const hostile = {
  ...process.env,
  HOME: `${process.execPath}/home`,
  PYTHONHOME: "/opt/conda",
  PYTHONPATH: "/opt/conda/lib",
  PYTHONSAFEPATH: "1",
  PYTHONOPTIMIZE: "2",
  PIP_CONSTRAINT: "/etc/pip/constraint.txt",
  PIP_TARGET: "/opt/packages",
  VIRTUAL_ENV: "/opt/venv",
  JUPYTER_PATH: "/opt/jupyter",
  JUPYTER_DATA_DIR: "/root/jupyter",
};

/**
 * What the project's Python prints when it runs a program in that environment.
 *
 * @param {string} program
 */
function run(program) {
  const { status, stdout, stderr } = spawnSync(python, ["-c", program], {
    encoding: "utf8",
    env: projectEnvironment(hostile),
  });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

/** @param {string} path */
const isInProject = (path) => !relative(root, path).startsWith("..") && !isAbsolute(relative(root, path));

test("settings that lead Python, pip or Jupyter elsewhere are left out, all others kept", () => {
  const env = projectEnvironment({ ...hostile, PIP_INDEX_URL: "https://mirror", JUPYTER_TOKEN: "secret" });
  for (const name of ["PYTHONHOME", "PYTHONSAFEPATH", "PIP_CONSTRAINT", "PIP_TARGET", "JUPYTER_PATH"]) {
    assert.ok(!(name in env), name);
  }
  assert.equal(env.PIP_INDEX_URL, "https://mirror");
  assert.equal(env.JUPYTER_TOKEN, "secret");
  assert.equal(env.HOME, hostile.HOME);
});

test("Jupyter reads and writes in the project only, and finds its kernel first", () => {
  const folders = JSON.parse(
    run(`import json
from jupyter_core.paths import jupyter_config_dir, jupyter_data_dir, jupyter_runtime_dir
from jupyterlab.commands import get_user_settings_dir, get_workspaces_dir
print(json.dumps([jupyter_config_dir(), jupyter_data_dir(), jupyter_runtime_dir(),
                  get_user_settings_dir(), get_workspaces_dir()]))`),
  );
  for (const folder of folders) assert.ok(isInProject(folder), folder);
  const spec = `from jupyter_client.kernelspec import KernelSpecManager
print(KernelSpecManager().get_kernel_spec("tslab").resource_dir)`;
  assert.ok(isInProject(run(spec)));
});

test("pip keeps what it downloads in the project and installs into its environment", () => {
  const program = `from pip._internal.commands import create_command
options, _ = create_command("install").parse_args(["x"])
print(options.cache_dir, options.target_dir, sep="\\n")`;
  const [cache, target] = run(program).split("\n");
  assert.ok(isInProject(cache), cache);
  assert.equal(target, "None");
});

test("npm keeps what it downloads in the project", () => {
  const { stdout } = spawnSync("npm config get cache", {
    cwd: root,
    encoding: "utf8",
    env: projectEnvironment({ ...hostile, npm_config_cache: "/root/.npm" }),
    shell: true,
  });
  assert.ok(isInProject(stdout.trim()), stdout);
});
