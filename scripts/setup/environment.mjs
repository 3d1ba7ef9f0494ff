import { join } from "node:path";
import { cache, venv } from "./paths.mjs";

/** Settings of the user's Python, pip and Jupyter that would lead away from the project's own environment. */
const FOREIGN = new Set([
  ...["VIRTUAL_ENV", "PIP_CONSTRAINT", "PIP_PREFIX", "PIP_PYTHON", "PIP_ROOT", "PIP_TARGET"],
  ...["JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "JUPYTERLAB_DIR", "JUPYTERLAB_SETTINGS_DIR"],
  "JUPYTERLAB_WORKSPACES_DIR",
]);

/**
 * The environment of all programs that a command starts: npm, Python and Jupyter read and write inside the project
 * only, so the home may be read-only or missing, and neither the user's other Python packages nor the user's Jupyter
 * settings and kernels count. Which registries are used, and how, stays the user's choice.
 *
 * @param {NodeJS.ProcessEnv} [env] The environment to start from.
 * @returns {NodeJS.ProcessEnv & { IPYTHONDIR: string }}
 */
export function projectEnvironment(env = process.env) {
  /** @param {string} name */
  const isForeign = (name) => FOREIGN.has(name) || name.startsWith("PYTHON");
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !isForeign(name)));
  const jupyter = join(venv, "jupyter");
  return {
    ...kept,
    PYTHONNOUSERSITE: "1",
    PYTHONUTF8: "1",
    npm_config_cache: join(cache, "npm"),
    PIP_CACHE_DIR: join(cache, "pip"),
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_CONFIG_DIR: join(jupyter, "config"),
    JUPYTER_DATA_DIR: join(jupyter, "data"),
    JUPYTER_RUNTIME_DIR: join(jupyter, "runtime"),
    IPYTHONDIR: join(jupyter, "ipython"),
  };
}

/** Makes it the environment of this process, and so of every program that it starts. */
export function adoptProjectEnvironment() {
  const wanted = projectEnvironment();
  for (const name of Object.keys(process.env)) if (!(name in wanted)) delete process.env[name];
  Object.assign(process.env, wanted);
}
