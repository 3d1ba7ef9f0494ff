import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import { CellProcess } from "./protocol/cell-process";
import type { Connection } from "./protocol/channels";
import type { Kernel } from "./protocol/kernel";
import { LanguageThread } from "./protocol/language-thread";

/**
 * Returns the notebook's folder, from which its imports are resolved. JupyterLab, VS Code and this project's
 * papermill engine tell its path; otherwise it is the working folder, which nbconvert sets to the notebook's.
 */
function notebookFolder(): string {
  const notebook = process.env["JPY_SESSION_NAME"];
  if (notebook && isAbsolute(notebook) && existsSync(notebook)) return dirname(notebook);
  return process.cwd();
}

/** Ends a kernel whose parent has died, since nothing can reach it any more. */
function endWithParent(kernel: Kernel): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    void kernel.stop();
  }, 1000);
}

async function main(): Promise<void> {
  const file = process.argv[2];
  if (!file) throw new Error("expected the path of Jupyter's connection file as the only argument");
  const connection = JSON.parse(readFileSync(file, "utf8")) as Connection;
  const log = (message: string) => void process.stderr.write(`[tslab] ${message}\n`);
  const folder = notebookFolder();
  // The workers start while this process loads its remaining modules.
  const workers = { language: new LanguageThread(folder), cells: new CellProcess(folder) };
  const { Channels } = require("./protocol/channels") as typeof import("./protocol/channels");
  const { Kernel } = require("./protocol/kernel") as typeof import("./protocol/kernel");
  const channels = new Channels(connection, (error) => log(`refused a message: ${error.message}`));
  const kernel = new Kernel(channels, workers, log);
  process.on("SIGINT", () => kernel.interrupt());
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => kernel.endBySignal(signal));
  endWithParent(kernel);
  await channels.open();
  kernel.start();
}

void main();
