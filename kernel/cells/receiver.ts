import { Session } from "node:inspector";
import { Socket } from "node:net";
import { type MessagePort, workerData } from "node:worker_threads";
import { FrameReader } from "../link/frames";
import type { InputAnswer, ToCells } from "../link/messages";
import { SharedState } from "./shared-state";

/** The data that this thread is started with. */
export interface ReceiverData {
  state: SharedArrayBuffer;
  port: MessagePort;
  /** The port for the user's answers only, for which a cell may wait without an event loop. */
  answers: MessagePort;
}

/** How long a cell may take to notice its interrupt before it is stopped, in milliseconds. */
const GRACE = 100;
/**
 * How long a cell that has noticed its interrupt may take to finish by itself, in milliseconds; a training writes a
 * checkpoint.
 */
const PATIENCE = 10_000;
const PAUSE = 5;

/**
 * The second thread of the process of the cells. It receives the messages of the kernel's process, so that an
 * interrupt takes effect whatever a cell is doing, and ends the process when the kernel's process is gone.
 */
const { state: buffer, port, answers } = workerData as ReceiverData;
const state = new SharedState(buffer);
const inspector = new Session();
inspector.connectToMainThread();
/** The number of interrupts that are being handled or queued. */
let pending = 0;
let dealtWith = Promise.resolve();

const reader = new FrameReader<ToCells>((message) => {
  if (message.type === "input") answer(message);
  else port.postMessage(message);
  if (message.type === "interrupt") {
    answer({ interrupted: message.id });
    pending++;
    // One at a time: of two concurrent evaluations, the second would swallow the termination that the first asks for.
    dealtWith = dealtWith.then(() => interrupt(message.id));
  }
});

function answer(message: InputAnswer): void {
  answers.postMessage(message);
  state.set("news", state.get("news") + 1);
}

const socket = new Socket({ fd: 4 });
socket.on("data", (chunk) => reader.read(chunk));
socket.on("error", endGroup);
socket.on("end", endGroup);

/** Ends this process and the processes that cells have started, which share its process group. */
function endGroup(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.kill(process.pid, "SIGKILL");
  }
}

/**
 * Interrupts a cell: asks it to stop, and stops it if it does not, or at once on a second interrupt. Then makes sure
 * that the event loop turns again, whatever the cell has left behind.
 */
async function interrupt(id: number): Promise<void> {
  await evaluate(`abort(${id})`);
  await endOf(id);
  while (state.get("running") === id && (await evaluate(`giveUp(${id})`)) === "not now");
  for (let question = ask(); !(await isAnswered(question)); question = ask()) {
    while ((await evaluate(`stop(${question})`)) === "not now");
  }
  pending--;
}

/** Waits for a cell to finish by itself, for as long as it may take. */
async function endOf(id: number): Promise<void> {
  const start = performance.now();
  const isLate = () => performance.now() - start > (state.get("heeding") === id ? PATIENCE : GRACE);
  while (state.get("running") === id && pending === 1 && !isLate()) await sleep();
}

/** Checks whether the event loop of the cells' thread turns. */
function ask(): number {
  const question = state.get("asked") + 1;
  state.set("asked", question);
  port.postMessage({ type: "question" });
  return question;
}

async function isAnswered(question: number): Promise<boolean> {
  const start = performance.now();
  while (state.get("answered") < question && performance.now() - start < GRACE) await sleep();
  return state.get("answered") >= question;
}

/**
 * Evaluates a call on the cells' thread, in the middle of whatever is running there, or after the current native
 * call.
 */
function evaluate(call: string): Promise<unknown> {
  return new Promise((resolve) => {
    // This name makes the evaluation count as one of the kernel's own files, which no stack trace shows.
    const source = `//# sourceURL=${__filename}`;
    const expression = `globalThis[Symbol.for("weightspace.interrupts")].${call} ${source}`;
    inspector.post("Runtime.evaluate", { expression }, (_, reply) => resolve(reply?.result.value));
  });
}

const sleep = () => new Promise((resolve) => setTimeout(resolve, PAUSE));
