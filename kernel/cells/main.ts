import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import type { ToCells } from "../link/messages";
import { Executor } from "./executor";
import { Input } from "./input";
import type { ReceiverData } from "./receiver";
import { SharedState } from "./shared-state";

/**
 * The process that runs the cells, started by `../protocol/cell-process` with the notebook's folder as its argument.
 * Cells run on its main thread, where native modules live; the receiver is a second thread.
 */
function main(): void {
  const folder = process.argv[2];
  if (!folder) throw new Error("expected the notebook's folder as the only argument");
  // SIGINT is meant for the processes that a cell has started; the receiver tells the cell itself.
  process.on("SIGINT", () => {});
  const state = new SharedState();
  const executor = new Executor(folder, state);
  executor.install();
  const [messages, answers] = [new MessageChannel(), new MessageChannel()];
  new Input(executor, state, answers.port1).install();
  const workerData: ReceiverData = { state: state.buffer, port: messages.port2, answers: answers.port2 };
  const transferList = [messages.port2, answers.port2];
  new Worker(join(__dirname, "receiver.ts"), { workerData, transferList }).unref();
  messages.port1.on("message", (message: ToCells | { type: "question" }) => {
    if (message.type === "run") executor.run(message);
    else if (message.type === "interrupt") executor.abort(message.id);
    else if (message.type === "question") state.set("answered", state.get("asked"));
  });
}

main();
