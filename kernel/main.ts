import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { projectFolder } from "../lib/notebook/project";
import { Channels, type Connection } from "./channels";
import { Kernel } from "./kernel";

/**
 * Where the notebook lies: its own path where Jupyter tells it, else the working folder. papermill starts kernels
 * wherever it was called itself; at the project's root, the notebooks are one folder down.
 */
function notebookFolder(): string {
  const notebook = process.env["JPY_SESSION_NAME"];
  if (notebook && isAbsolute(notebook) && existsSync(notebook)) return dirname(notebook);
  return process.cwd() === projectFolder ? join(projectFolder, "notebooks") : process.cwd();
}

/** A kernel whose parent has died is nobody's: it ends. */
function exitWithParent(exit: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && exit(), 1000).unref();
}

async function main(): Promise<void> {
  const file = process.argv[2];
  if (!file) throw new Error("expected the path of Jupyter's connection file as the only argument");
  const connection = JSON.parse(readFileSync(file, "utf8")) as Connection;
  const channels = new Channels(connection);
  const writeLog = process.stderr.write.bind(process.stderr);
  const log = (message: string) => void writeLog(`[tslab] ${message}\n`);
  const exit = () => {
    channels.close();
    process.exit(0);
  };
  const kernel = new Kernel(channels, notebookFolder(), log, exit);
  await channels.open();
  exitWithParent(exit);
  kernel.executor.install();
  kernel.start();
}

void main();
