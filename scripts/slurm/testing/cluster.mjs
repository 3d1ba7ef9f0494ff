import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The names of the nodes, each a daemon on this machine. */
export const NODES = ["n1", "n2"];

/**
 * A Slurm cluster of two nodes of one core each, for tests: all its daemons run on this machine, as root, and all its
 * files lie in one folder.
 */
export class Cluster {
  /** @param {string} folder An absolute path: the daemons change their working folder. */
  constructor(folder) {
    this.folder = folder;
    this.configuration = join(folder, "slurm.conf");
    /** The environment in which Slurm's commands reach this cluster. */
    this.env = { ...process.env, SLURM_CONF: this.configuration };
  }

  /** Starts the daemons and waits until the nodes are ready. */
  async start() {
    const ports = await freePorts(1 + NODES.length);
    this.writeFiles(ports);
    const munge = join(this.folder, "munge");
    command("munged", [
      `--pid-file=${this.pidFile("munged")}`,
      ...["key", "log", "seed"].map((kind) => `--${kind}-file=${join(munge, kind)}`),
      `--socket=${join(munge, "socket")}`,
      "--force",
    ]);
    command("slurmctld", ["-f", this.configuration]);
    for (const node of NODES) this.startNode(node);
    await until("the nodes are ready", 30, () => this.nodeStates().every((state) => state === "idle"));
  }

  /**
   * Starts a node's daemon.
   *
   * @param {string} node
   */
  startNode(node) {
    command("slurmd", ["-N", node, "-f", this.configuration]);
  }

  /** Stops what still runs: jobs first, which end by themselves, then the daemons. */
  async stop() {
    if (this.pidsOfDaemons().length > 0) {
      spawnSync("scancel", ["--user=root"], { env: this.env });
      const isEmpty = () => NODES.every((node) => this.processesOfJobs(node).length === 0);
      await until("the jobs have ended", 60, isEmpty).catch((error) => console.warn(error.message));
    }
    const daemons = this.pidsOfDaemons();
    for (const pid of daemons) kill(pid, "SIGTERM");
    await until("the daemons have ended", 30, () => !daemons.some(isAlive)).catch((error) =>
      console.warn(error.message),
    );
  }

  /** Kills at once whatever is left: for a test that is cut short. */
  killAll() {
    const pids = [...this.pidsOfDaemons(), ...NODES.flatMap((node) => this.processesOfJobs(node))];
    for (const pid of pids) kill(pid, "SIGKILL");
  }

  /**
   * Kills a node as if its machine were gone: its daemon and every process of its jobs.
   *
   * @param {string} node
   * @returns {number} How many processes of jobs there were.
   */
  kill(node) {
    const [daemon] = this.pidsOfDaemons([`slurmd-${node}`]);
    const jobs = this.processesOfJobs(node);
    for (const pid of daemon ? [daemon, ...jobs] : jobs) kill(pid, "SIGKILL");
    return jobs.length;
  }

  /**
   * What a command of Slurm's prints.
   *
   * @param {string} name
   * @param {string[]} args
   */
  ask(name, args) {
    return command(name, args, this.env);
  }

  /** The states of all nodes. */
  nodeStates() {
    const { stdout } = spawnSync("sinfo", ["--noheader", "--Node", "--format=%t"], {
      env: this.env,
      encoding: "utf8",
    });
    const states = stdout.split("\n").filter(Boolean);
    return states.length === NODES.length ? states : ["unknown"];
  }

  /**
   * The processes of a node's jobs: those that have its name in their environment, and the step daemons above them.
   *
   * @param {string} node
   */
  processesOfJobs(node) {
    const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    const parents = new Map(
      stdout
        .trim()
        .split("\n")
        .map((line) => /** @type {[number, number]} */ (line.trim().split(/\s+/).map(Number))),
    );
    const marked = [...parents.keys()].filter(
      (pid) =>
        variableOf(pid, "SLURMD_NODENAME") === node && variableOf(pid, "SLURM_CONF") === this.configuration,
    );
    const steps = marked
      .map((pid) => parents.get(pid) ?? 0)
      .filter((pid) => readProcess(pid, "comm").startsWith("slurmstepd"));
    return [...new Set([...steps, ...marked])];
  }

  /** @param {string} daemon */
  pidFile(daemon) {
    return join(this.folder, `${daemon}.pid`);
  }

  /** The processes of daemons that run. */
  pidsOfDaemons(daemons = ["slurmctld", ...NODES.map((node) => `slurmd-${node}`), "munged"]) {
    return daemons
      .map((daemon) => this.pidFile(daemon))
      .filter((file) => existsSync(file))
      .map((file) => Number(readFileSync(file, "utf8")))
      .filter(isAlive);
  }

  /** @param {number[]} ports */
  writeFiles([controller, ...ports]) {
    const munge = join(this.folder, "munge");
    mkdirSync(munge, { mode: 0o700 });
    writeFileSync(join(munge, "key"), randomBytes(1024), { mode: 0o400 });
    const { folder } = this;
    const nodes = NODES.map(
      (node, index) =>
        `NodeName=${node} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${ports[index]} CPUs=1 RealMemory=4000`,
    );
    writeFileSync(
      this.configuration,
      `ClusterName=test
SlurmctldHost=${hostname()}(127.0.0.1)
SlurmctldPort=${controller}
AuthType=auth/munge
# A job that is queued again starts after the expiry of its credential: here at once, by default after two minutes.
AuthInfo=socket=${join(munge, "socket")},cred_expire=5
SlurmUser=root
SlurmdUser=root
StateSaveLocation=${join(folder, "state")}
SlurmdSpoolDir=${join(folder, "spool-%n")}
SlurmctldPidFile=${this.pidFile("slurmctld")}
SlurmdPidFile=${this.pidFile("slurmd-%n")}
SlurmctldLogFile=${join(folder, "slurmctld.log")}
SlurmdLogFile=${join(folder, "slurmd-%n.log")}
MailProg=/bin/true
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=1,sched_interval=2
ReturnToService=2
SlurmdTimeout=10
${nodes.join("\n")}
PartitionName=main Nodes=${NODES.join(",")} Default=YES MaxTime=INFINITE State=UP
`,
    );
  }
}

/**
 * Waits until something holds.
 *
 * @param {string} what What it is, for the error.
 * @param {number} seconds How long it may take.
 * @param {() => boolean | Promise<boolean>} holds
 * @throws {Error} If it does not hold in time.
 */
export async function until(what, seconds, holds) {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s, expected that ${what}`);
    await sleep(200);
  }
}

/**
 * Runs a command that must succeed, and returns what it prints.
 *
 * @param {string} name
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function command(name, args, env = process.env) {
  const { status, stdout, stderr, error } = spawnSync(name, args, { env, encoding: "utf8" });
  if (status === 0) return stdout;
  throw new Error(`${name} ${args.join(" ")} failed: ${error?.message ?? stderr.trim()}`);
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/**
 * Whether a process runs; one that has ended may stay in the table of processes for good, where nobody waits for it.
 *
 * @param {number} pid
 */
function isAlive(pid) {
  const state = readProcess(pid, "stat").match(/\) (\w)/)?.[1];
  return state !== undefined && state !== "Z";
}

/**
 * A variable of a process's environment.
 *
 * @param {number} pid
 * @param {string} name
 */
export function variableOf(pid, name) {
  const lines = readProcess(pid, "environ").split("\0");
  return lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);
}

/**
 * @param {number} pid
 * @param {"comm" | "environ" | "stat"} file
 * @returns {string} Empty where the process is gone.
 */
function readProcess(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

/**
 * Ports of this machine that no program listens on.
 *
 * @param {number} count
 */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map(
    (server) => /** @type {import("node:net").AddressInfo} */ (server.address()).port,
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
