import readline from "node:readline";
import readlinePromises from "node:readline/promises";
import { Readable } from "node:stream";
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { InputAnswer } from "../link/messages";
import { Interrupted } from "./execution";
import { send } from "./outbox";
import type { SharedState } from "./shared-state";

/** Thrown where the front end cannot ask the user, as nbconvert and papermill cannot. */
export class NoInputError extends Error {
  override name = "NoInputError";
}

/** What input asks of the executor. */
interface Cells {
  /** The cell that runs, or undefined. */
  readonly runningId: number | undefined;
  /** Ends the running cell with an error, whatever it waits for. */
  fail(error: Error): void;
}

/** Asks the user, through the front end: `prompt` and `confirm` as in a browser, and `process.stdin` line by line. */
export class Input {
  private questions = 0;
  private readonly stdin = new Readable({ read: () => this.want(), encoding: "utf8" });
  private isWanted = false;
  /** The question that `process.stdin` waits for, or 0. */
  private streamed = 0;

  /** @param answers Where the receiver posts what the user has answered. */
  constructor(
    private readonly cells: Cells,
    private readonly state: SharedState,
    private readonly answers: MessagePort,
  ) {
    answers.on("message", (answer: InputAnswer) => this.deliver(answer));
    // A reader may come when the stream wants more already, and then does not say so again.
    const resume = () => this.isWanted && this.want();
    this.stdin.on("resume", resume);
    this.stdin.on("newListener", (event) => (event === "data" || event === "readable") && resume());
  }

  /** Puts `prompt`, `confirm` and `process.stdin` in place. */
  install(): void {
    const prompt = (message = "", preset?: string) => this.ask(message) || (preset ?? "");
    const confirm = (message = "") => /^y(es)?$/i.test(this.ask(`${message} [y/N] `).trim());
    Object.assign(globalThis, { prompt, confirm });
    const stdin = Object.assign(this.stdin, { fd: 0 });
    Object.defineProperty(process, "stdin", { value: stdin, configurable: true, enumerable: true });
    // A reader that an earlier cell has made waits already when a question comes.
    for (const { prototype } of [readline.Interface, readlinePromises.Interface]) {
      watchQuestions(prototype as unknown as Asker, ({ input }) => input === stdin && this.want());
    }
  }

  /**
   * Asks and waits, without giving control back.
   *
   * @throws NoInputError, or Interrupted.
   */
  private ask(prompt: string): string {
    const question = this.send(prompt);
    for (;;) {
      const news = this.state.get("news");
      const answer = receiveMessageOnPort(this.answers)?.message as InputAnswer | undefined;
      if (!answer) this.state.waitWhile("news", news);
      else if (answer.question === question) return textOf(answer);
      else if (answer.interrupted === this.cells.runningId) throw new Interrupted();
      else this.deliver(answer);
    }
  }

  private send(prompt: string): number {
    const question = ++this.questions;
    const id = this.cells.runningId;
    if (id === undefined) throw new NoInputError("input was asked for while no cell is running");
    send({ type: "input", id, question, prompt, password: false });
    return question;
  }

  /** Asks for the next line once the running code has come to a pause: by then a reader may have been closed. */
  private want(): void {
    this.isWanted = true;
    setImmediate(() => {
      if (this.isWanted && this.isRead() && this.streamed === 0 && this.cells.runningId !== undefined)
        this.streamed = this.send("");
    });
  }

  /** Whoever listens to `readable`, as `for await` does, reads a stream that counts as paused. */
  private isRead(): boolean {
    const { stdin } = this;
    return !stdin.destroyed && (!stdin.isPaused() || stdin.listenerCount("readable") > 0);
  }

  private deliver(answer: InputAnswer): void {
    // The kernel drops the answer to the interrupted question.
    if (answer.interrupted !== undefined) this.streamed = 0;
    if (answer.question === undefined || answer.question !== this.streamed) return;
    this.streamed = 0;
    this.isWanted = false;
    try {
      this.stdin.push(`${textOf(answer)}\n`);
    } catch (error) {
      this.cells.fail(error as Error);
    }
  }
}

function textOf({ text, refusal }: InputAnswer): string {
  if (text === undefined) throw new NoInputError(refusal);
  return text;
}

interface Asker {
  input?: unknown;
  question(...given: unknown[]): unknown;
}

function watchQuestions(prototype: Asker, action: (asker: Asker) => void): void {
  const original = prototype.question;
  prototype.question = function (this: Asker, ...given: unknown[]) {
    action(this);
    return original.apply(this, given);
  };
}
