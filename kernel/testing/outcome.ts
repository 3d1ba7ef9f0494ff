import type { Content, Message } from "../protocol/wire";

/** The outcome of one request: its reply and all messages published for it, including those after the reply. */
export class Outcome {
  /** @param request The request that was sent. */
  constructor(readonly request: Message) {}

  /** The reply; undefined if the protocol has none. */
  answer: Message | undefined;
  readonly published: Message[] = [];
  /** The questions that the kernel asked the front end in the meantime. */
  readonly questions: Message[] = [];

  /** The reply's content. */
  get reply(): Content {
    return this.answer?.content ?? {};
  }

  /** Whether the kernel has reported that everything is published. */
  get isIdle(): boolean {
    return this.of("status").some(({ execution_state }) => execution_state === "idle");
  }

  /** The types of the published messages, in order; a status is given by its name. */
  get types(): string[] {
    return this.published.map(({ header, content }) => content["execution_state"] ?? header.msg_type);
  }

  /** The value of the cell's last expression, as text. */
  get result(): string | undefined {
    return this.of("execute_result")[0]?.["data"]["text/plain"];
  }

  /** The contents of the published messages of one type, in order. */
  of(type: string): Content[] {
    return this.published.filter(({ header }) => header.msg_type === type).map(({ content }) => content);
  }

  /** The whole text of one stream. */
  text(name: "stdout" | "stderr"): string {
    return this.of("stream")
      .filter((content) => content["name"] === name)
      .map((content) => content["text"])
      .join("");
  }
}
