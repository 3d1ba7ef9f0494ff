import type { Content, Message } from "../protocol/wire";

/** What came back for one request: its reply and all that was published for it, also after it was answered. */
export class Outcome {
  /** @param request The message that was sent. */
  constructor(readonly request: Message) {}

  /** The reply; undefined for a message that the protocol has no reply to. */
  answer: Message | undefined;
  readonly published: Message[] = [];
  /** The questions that the kernel put to the front end meanwhile. */
  readonly questions: Message[] = [];

  /** The reply's content. */
  get reply(): Content {
    return this.answer?.content ?? {};
  }

  /** Whether the kernel has said that everything is published. */
  get isIdle(): boolean {
    return this.of("status").some(({ execution_state }) => execution_state === "idle");
  }

  /** The types of what was published, in order, a status by its name. */
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

  /** All the text of one stream. */
  text(name: "stdout" | "stderr"): string {
    return this.of("stream")
      .filter((content) => content["name"] === name)
      .map((content) => content["text"])
      .join("");
  }
}
