import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, runQuietly } from "./setup/command.mjs";
import { parseCommandLine } from "./setup/command-line.mjs";
import { main } from "./setup/main.mjs";
import { setup } from "./setup/setup.mjs";
import { jobsFolder } from "./slurm/launch.mjs";
import { Cluster } from "./slurm/testing/cluster.mjs";
import { NAME, testWorkers } from "./slurm/testing/scenario.mjs";

const usage = () => `npm run test:slurm

Sets everything up, starts a Slurm cluster of two nodes on this machine, and executes a notebook on it with three workers,
of which one comes to its time limit and one loses its node. Needs root on Debian, where it installs Slurm and munge.

  --help             shows this`;

/** @param {string[]} args */
const parse = (args) => parseCommandLine(args, {});

main({ name: "npm run test:slurm", usage, parse }, async () => {
  const obstacle = whatIsMissing() || (await install());
  if (obstacle) {
    console.log(`Slurm: the test was skipped, since ${obstacle}.`);
    return 0;
  }
  const started = Date.now();
  await setup();
  const passed = await withCluster((cluster) => withOwnJobs(cluster, testWorkers));
  console.log(`Slurm: ${passed} passed, 0 failed (${Math.round((Date.now() - started) / 1000)} s)`);
  return 0;
});

/** Why this machine cannot run the test; empty where it can. */
function whatIsMissing() {
  if (process.platform !== "linux" || !existsSync("/etc/debian_version")) return "this is not Debian";
  if (process.getuid?.() !== 0) return "it needs root, to start Slurm's daemons";
  return "";
}

/** Installs Debian's packages of Slurm and munge where they are missing. @returns Why that fails; empty where not. */
async function install() {
  const found = await Promise.all(
    ["sbatch", "slurmctld", "slurmd", "munged", "ps"].map((program) =>
      run("which", [program], { onLine: () => undefined }),
    ),
  );
  if (found.every((code) => code === 0)) return "";
  console.log("Slurm: installing slurm-wlm and munge");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const packages = ["slurm-wlm", "munge", "procps"];
  const args = ["install", "--yes", "--no-install-recommends", ...packages];
  try {
    await runQuietly("apt-get update", "apt-get", ["update"], { env });
    await runQuietly("The installation of Slurm", "apt-get", args, { env });
    return "";
  } catch (error) {
    return `Slurm cannot be installed here: ${/** @type {Error} */ (error).message}`;
  }
}

/**
 * Does something with a cluster, of which nothing is left afterwards, however it ends.
 *
 * @template T
 * @param {(cluster: Cluster) => Promise<T>} work
 */
function withCluster(work) {
  const folder = mkdtempSync(join(tmpdir(), "slurm-"));
  const cluster = new Cluster(folder);
  const cleanUp = () => {
    cluster.killAll();
    rmSync(folder, { recursive: true, force: true });
  };
  return thenCleanUp(cleanUp, async () => {
    try {
      await cluster.start();
      return await work(cluster);
    } finally {
      await cluster.stop();
    }
  });
}

/**
 * Puts the user's jobs of the notebook aside meanwhile: this cluster does not know them.
 *
 * @template T
 * @param {Cluster} cluster
 * @param {(cluster: Cluster) => Promise<T>} work
 */
function withOwnJobs(cluster, work) {
  const folder = jobsFolder(NAME);
  const aside = `${folder}.aside`;
  // Where they are aside already, an earlier test was killed, and left jobs of its own.
  if (existsSync(folder) && !existsSync(aside)) renameSync(folder, aside);
  rmSync(folder, { recursive: true, force: true });
  const cleanUp = () => {
    rmSync(folder, { recursive: true, force: true });
    if (existsSync(aside)) renameSync(aside, folder);
  };
  return thenCleanUp(cleanUp, async () => {
    try {
      return await work(cluster);
    } catch (error) {
      showOutputs(join(folder, "output"));
      throw error;
    }
  });
}

/**
 * Does work and cleans up after it, also where a signal ends this process before.
 *
 * @template T
 * @param {() => void} cleanUp
 * @param {() => Promise<T>} work
 */
async function thenCleanUp(cleanUp, work) {
  process.on("exit", cleanUp);
  try {
    return await work();
  } finally {
    process.off("exit", cleanUp);
    cleanUp();
  }
}

/** @param {string} folder Of what the jobs have printed. */
function showOutputs(folder) {
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder))
    console.log(`${file}:\n${readFileSync(join(folder, file), "utf8")}`);
}
