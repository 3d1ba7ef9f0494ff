import { join } from "node:path";
import { optionValue, shellWord } from "./shell-text.mjs";

/**
 * What the job scripts of a notebook need to know.
 *
 * @typedef {object} Job
 * @property {string} name The notebook.
 * @property {string} profile
 * @property {number} workers How many tasks the array has.
 * @property {boolean} render Whether the executed notebook replaces the committed one.
 * @property {string} node The program of Node, which is at the same place on every machine.
 * @property {string} root The project's folder, likewise.
 * @property {string} folder Where the scripts and what the jobs print lie.
 * @property {string} records The folder of records.
 * @property {Record<string, string>} variables Those of the submitter's environment that the jobs get.
 * @property {Resources} resources
 */

/**
 * What a task asks the cluster for; without time and partition, the cluster's defaults hold.
 *
 * @typedef {{ time?: string, partition?: string, mem: string, cpus: string }} Resources
 */

/** How many seconds before the time limit a worker is told. */
const NOTICE_SECONDS = 120;

/**
 * The script of the worker array.
 *
 * @param {Job} job
 */
export function workerScript(job) {
  const { name, workers, folder } = job;
  const launch = "slurm-$SLURM_ARRAY_JOB_ID";
  return `#!/bin/bash
# Workers of the notebook ${name}.
# Each task of the array executes the notebook and trains the runs that no other process trains. All that they share is
# the folder of records, so that any number of them may run at a time:
# ${job.records}
#SBATCH --job-name=${optionValue(name)}
#SBATCH --array=1-${workers}
${resourceLines(job)}
#SBATCH --output=${optionValue(join(folder, "output", "worker-%A-%a.txt"))}
# A task that is queued again goes on in its file of output, and from the checkpoint of its run.
#SBATCH --open-mode=append
#SBATCH --requeue
# ${NOTICE_SECONDS} seconds before the time limit this script, and it alone, gets the signal USR1.
#SBATCH --signal=B:USR1@${NOTICE_SECONDS}

${variableLines(job, launch)}
# What a worker makes besides records is of no use, unless it fails.
own=${shellWord(join(folder, "workers"))}/$SLURM_ARRAY_JOB_ID-$SLURM_ARRAY_TASK_ID
export WEIGHTSPACE_RESULTS="$own/results"

# Asks the worker to end. It writes a checkpoint first, from which any other process can go on.
end_worker() { kill -TERM "$worker" 2> /dev/null; }
# USR1 comes when the time is nearly up. Runs are left then, so the task queues again once its worker has ended.
trap 'is_time_up=yes; end_worker' USR1
# TERM comes where the task is cancelled or preempted; a preempted task is queued again by Slurm itself.
trap end_worker TERM

echo "Worker $SLURM_ARRAY_TASK_ID on $SLURMD_NODENAME, restarts: \${SLURM_RESTART_COUNT:-0}"
${shellWord(job.node)} scripts/slurm-worker.mjs ${shellWord(name)} "$own" &
worker=$!
wait "$worker"
code=$?
# A signal cuts the waiting short while the worker still ends.
while kill -0 "$worker" 2> /dev/null; do
  wait "$worker"
  code=$?
done
if [ -n "$is_time_up" ] && [ "$code" -ne 0 ]; then
  echo "The time is up: this task queues again."
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
fi
exit "$code"
`;
}

/**
 * The script of the job that executes the notebook from the records once the array is over.
 *
 * @param {Job} job
 */
export function renderScript(job) {
  const { name, profile, render, folder } = job;
  const args = [shellWord(name), "--profile", profile, ...(render ? ["--render"] : [])].join(" ");
  return `#!/bin/bash
# Executes the notebook ${name} from the records of its workers.
# It is submitted after them, with the id of their array:
#   sbatch --dependency=afterany:ARRAY ${shellWord(join(folder, "render.sh"))} ARRAY
# A run that the workers have left undone is trained here.
#SBATCH --job-name=${optionValue(`${name}-render`)}
${resourceLines(job)}
#SBATCH --output=${optionValue(join(folder, "output", "render-%j.txt"))}
#SBATCH --open-mode=append
#SBATCH --requeue

${variableLines(job, "slurm-$1")}
exec ${shellWord(job.node)} scripts/start.mjs ${args}
`;
}

/** @param {Job} job */
function resourceLines({ root, resources }) {
  const { time, partition, mem, cpus } = resources;
  return [
    ...(partition ? [`--partition=${partition}`] : []),
    ...(time ? [`--time=${time}`] : []),
    "--ntasks=1",
    `--cpus-per-task=${cpus}`,
    `--mem=${mem}`,
    `--chdir=${optionValue(root)}`,
  ]
    .map((option) => `#SBATCH ${option}`)
    .join("\n");
}

/**
 * @param {Job} job
 * @param {string} launch What names the jobs that belong together, for the shell.
 */
function variableLines({ profile, variables }, launch) {
  const given = Object.entries(variables).map(([name, value]) => `export ${name}=${shellWord(value)}\n`);
  return `export WEIGHTSPACE_PROFILE=${profile}
${given.join("")}export WEIGHTSPACE_LAUNCH="${launch}"
# As many threads as cores; on one, results repeat to the last bit.
export WEIGHTSPACE_THREADS="$SLURM_CPUS_PER_TASK" OMP_NUM_THREADS="$SLURM_CPUS_PER_TASK"
`;
}
