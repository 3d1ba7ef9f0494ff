import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runQuietly } from "./command.mjs";
import { npmFile, python, root } from "./paths.mjs";
import { pip } from "./pip.mjs";

/**
 * A C++ compiler.
 *
 * @typedef {object} Compiler
 * @property {string} command The program.
 * @property {string[]} [before] Its first arguments.
 * @property {NodeJS.ProcessEnv} [env] More of its environment.
 */

const SOURCES = ["tfjs_backend.cc", "tfjs_binding.cc"];

/**
 * Compiles the binding of @tensorflow/tfjs-node-gpu, whose sources the package ships, against TensorFlow's headers
 * and libraries in `folder`/tensorflow, and beside it quiet.node, of quiet.cc: by the system's C++ compiler or, where
 * there is none or it fails, by the one of PyPI's ziglang.
 *
 * @param {string} folder Where the binding goes, and the compiler while it is needed.
 * @param {string} name The binding's file name.
 * @param {(text: string) => void} show Told how far it is.
 */
export async function compileBinding(folder, name, show) {
  /** @param {Compiler} compiler */
  const compile = async ({ command, before = [], env }) => {
    for (const args of [bindingArguments(folder, name), quietArguments(folder)]) {
      await runQuietly("Compiling the binding", command, [...before, ...args], {
        env: { ...process.env, ...env },
      });
    }
  };
  const system = systemCompiler();
  if (system) {
    show(`compiling with ${system}`);
    try {
      return await compile({ command: system });
    } catch (error) {
      show(`${system} failed: ${/** @type {Error} */ (error).message}`);
    }
  }
  show("downloading a C++ compiler");
  const zig = await installZig(join(folder, "zig"));
  show("compiling with ziglang");
  await compile(zig);
}

/**
 * @param {string} folder As in `compileBinding`.
 * @param {string} name As in `compileBinding`.
 */
function bindingArguments(folder, name) {
  const tensorflow = join(folder, "tensorflow");
  const libraries = readdirSync(tensorflow).filter((file) => file.startsWith("libtensorflow_"));
  const origin = process.platform === "darwin" ? "@loader_path" : "$ORIGIN";
  return [
    ...moduleArguments(),
    ...["-I", join(tensorflow, "include")],
    ...SOURCES.map((file) => npmFile("@tensorflow/tfjs-node-gpu", join("binding", file))),
    ...libraries.map((file) => join(tensorflow, file)),
    `-Wl,-rpath,${origin}/tensorflow`,
    ...["-o", join(folder, name)],
  ];
}

/** @param {string} folder As in `compileBinding`. */
function quietArguments(folder) {
  const source = join(root, "scripts", "setup", "quiet.cc");
  return [...moduleArguments(), source, "-o", join(folder, "quiet.node")];
}

/** What any native module of Node's is compiled with. */
function moduleArguments() {
  const lookup = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
  const options = ["-std=c++17", "-O2", "-fPIC", "-shared", "-DNAPI_VERSION=8", ...lookup];
  return [...options, "-I", npmFile("node-api-headers", "include")];
}

/** The C++ compiler that the user names in CXX or that has one of the usual names, or undefined. */
function systemCompiler() {
  const names = [process.env.CXX ?? "", "c++", "g++", "clang++"].filter(Boolean);
  return names.find((name) => spawnSync(name, ["--version"]).status === 0);
}

/**
 * @param {string} folder Where to.
 * @returns {Promise<Compiler>}
 */
async function installZig(folder) {
  const requirements = join(root, "scripts", "python", "ziglang.txt");
  await pip(
    python,
    "Downloading the C++ compiler",
    ["install", "--progress-bar", "off", "--no-deps", "--no-compile", "--only-binary", ":all:"].concat([
      "--require-hashes",
      "--target",
      folder,
      "--requirement",
      requirements,
    ]),
  );
  const cache = join(folder, "cache");
  return {
    command: python,
    before: ["-m", "ziglang", "c++"],
    env: { PYTHONPATH: folder, ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache },
  };
}
