import type { Router } from "zeromq";
import { type Message, type Wire, WireError } from "./wire";

/**
 * Thrown to the caller that waits for a line of input which will not come, for example because the cell was
 * interrupted.
 */
export class InputCancelled extends Error {
  override name = "InputCancelled";
}

export interface Question {
  prompt: string;
  /** Whether the front end hides the typed text. */
  password?: boolean;
}

/** A question that has not been answered yet. */
interface Asked {
  request: Message;
  resolve(line: string): void;
  reject(error: Error): void;
}

/**
 * Asks the front ends for lines of input, one at a time, because a front end shows a single prompt:
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-stdin-router-dealer-channel
 */
export class Input {
  /** The pending questions. The first one has been sent; the others wait for its answer. */
  private questions: Asked[] = [];

  /** @param socket A socket that rejects messages it cannot deliver (`mandatory`). */
  constructor(
    private readonly socket: Router,
    private readonly wire: Wire,
  ) {}

  /**
   * Asks the front end that sent a request.
   *
   * @throws InputCancelled, or an Error if that front end has no stdin channel.
   */
  ask(parent: Message, { prompt, password = false }: Question): Promise<string> {
    const request = this.wire.compose("input_request", parent, { prompt, password }, parent.identities);
    return new Promise((resolve, reject) => {
      this.questions.push({ request, resolve, reject });
      if (this.questions.length === 1) this.send();
    });
  }

  /** Cancels all questions; answers that still arrive are dropped. */
  cancel(): void {
    const questions = this.questions;
    this.questions = [];
    for (const { reject } of questions) reject(new InputCancelled("the input was cancelled"));
  }

  /**
   * Accepts an answer.
   *
   * @throws WireError if no question is pending, or if the answer is to another question or from another front end.
   */
  receive(reply: Message): void {
    const [question] = this.questions;
    if (!question || !answers(reply, question.request)) {
      throw new WireError(`the ${reply.header.msg_type} answers no open question`);
    }
    this.questions.shift();
    question.resolve(String(reply.content["value"] ?? ""));
    this.send();
  }

  private send(): void {
    const [question] = this.questions;
    if (!question) return;
    this.socket.send(this.wire.encode(question.request)).catch(() => {
      this.questions = this.questions.filter((other) => other !== question);
      question.reject(new Error("the front end that runs the cell has no stdin channel"));
      this.send();
    });
  }
}

/** Jupyter's own Python client leaves the parent header of its answers empty. */
function answers({ header, identities, parent }: Message, request: Message): boolean {
  if (header.msg_type !== "input_reply") return false;
  if (!Buffer.concat(identities).equals(Buffer.concat(request.identities))) return false;
  return parent.msg_id === undefined || parent.msg_id === request.header.msg_id;
}
