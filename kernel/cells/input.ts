import readline from "node:readline";
import readlinePromises from "node:readline/promises";
import { Readable } from "node:stream";
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { InputAnswer } from "../link/messages";
import { Interrupted } from "./execution";
import { send } from "./outbox";
import type { SharedState } from "./shared-state";

/** Thrown if the front end cannot ask the user, as under nbconvert and papermill. */
export class NoInputError extends Error {
  override name = "NoInputError";
}

/** What input needs from the executor. */
interface Cells {
  /** The running cell, or undefined. */
  readonly runningId: number | undefined;
  /** Ends the running cell with an error, whatever it waits for. */
  fail(error: Error): void;
}

/** Asks the user through the front end: `prompt` and `confirm` as in a browser, and `process.stdin` line by line. */
export class Input {
  private questions = 0;
  private stdin = this.open();
  private isWanted = false;
  /**
   * The question that `process.stdin` waits for, and the cell that asks it; it stays open no longer than the cell
   * runs.
   */
  private streamed = { question: 0, id: 0 };

  /** @param answers The port to which the receiver posts the user's answers. */
  constructor(
    private readonly cells: Cells,
    private readonly state: SharedState,
    private readonly answers: MessagePort,
  ) {
    answers.on("message", (answer: InputAnswer) => this.deliver(answer));
  }

  /** Installs `prompt`, `confirm` and `process.stdin`. */
  install(): void {
    const prompt = (message = "", preset?: string) => this.ask(message) || (preset ?? "");
    const confirm = (message = "") => /^y(es)?$/i.test(this.ask(`${message} [y/N] `).trim());
    Object.assign(globalThis, { prompt, confirm });
    Object.defineProperty(process, "stdin", {
      get: () => this.opened(),
      configurable: true,
      enumerable: true,
    });
    // A reader that an earlier cell has created may already be waiting when a question comes.
    for (const { prototype } of [readline.Interface, readlinePromises.Interface]) {
      watchQuestions(prototype as unknown as Asker, ({ input }) => input === this.stdin && this.want());
    }
  }

  /**
   * Asks and blocks until the answer arrives, without yielding to the event loop.
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

  /** A loop over `process.stdin` destroys the stream when it ends; a later cell can still read. */
  private opened(): Readable {
    if (this.stdin.destroyed) this.stdin = this.open();
    return this.stdin;
  }

  private open(): Readable {
    const stdin = Object.assign(new Readable({ read: () => this.want(), encoding: "utf8" }), { fd: 0 });
    // A reader may attach after the stream has asked for more, which the stream does not repeat.
    const resume = () => this.isWanted && this.want();
    stdin.on("resume", resume);
    stdin.on("newListener", (event) => (event === "data" || event === "readable") && resume());
    return stdin;
  }

  /** Asks for the next line once the running code pauses: a reader may have been closed by then. */
  private want(): void {
    this.isWanted = true;
    setImmediate(() => {
      const id = this.cells.runningId;
      const isOpen = this.streamed.id === id && this.streamed.question !== 0;
      if (!this.isWanted || !this.isRead() || isOpen || id === undefined) return;
      this.streamed = { question: this.send(""), id };
    });
  }

  /** A stream that is read through `readable`, as `for await` does, counts as paused. */
  private isRead(): boolean {
    const { stdin } = this;
    return !stdin.destroyed && (!stdin.isPaused() || stdin.listenerCount("readable") > 0);
  }

  private deliver(answer: InputAnswer): void {
    if (answer.question === undefined || answer.question !== this.streamed.question) return;
    this.streamed.question = 0;
    try {
      const text = textOf(answer);
      this.isWanted = false;
      this.stdin.push(`${text}\n`);
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
