import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { Channels, type Connection } from "./protocol/channels";
import { Kernel } from "./protocol/kernel";

/**
 * Where the notebook lies, from which its imports are resolved: the folder of the path that JupyterLab, VS Code and
 * this project's engine for papermill tell; else the working folder, which nbconvert makes the notebook's.
 */
function notebookFolder(): string {
  const notebook = process.env["JPY_SESSION_NAME"];
  if (notebook && isAbsolute(notebook) && existsSync(notebook)) return dirname(notebook);
  return process.cwd();
}

/** Ends a kernel whose parent has died, since no one can use it any more. */
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
  exitWithParent(() => kernel.executor.stop().then(exit));
  kernel.executor.install();
  kernel.start();
}

void main();
