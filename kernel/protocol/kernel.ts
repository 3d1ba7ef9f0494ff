import { setTimeout as sleep } from "node:timers/promises";
import { Executor } from "../cells/executor";
import { complete, inspect } from "../language/assistance";
import type { Channels, RequestChannel } from "./channels";
import { History } from "./history";
import { type Content, type Message, protocolVersion } from "./wire";

/** For how long no request arrives where none is on its way, in milliseconds. */
const QUIET_MS = 5;

/** Answers Jupyter's requests: https://jupyter-client.readthedocs.io/en/stable/messaging.html */
export class Kernel {
  readonly executor: Executor;
  private readonly history = new History();
  private waiting: Message[] = [];
  private wake = () => {};

  /**
   * @param folder The notebook's folder.
   * @param exit Ends the process once the last reply is out.
   */
  constructor(
    private readonly channels: Channels,
    folder: string,
    private readonly log: (message: string) => void,
    private readonly exit: () => void,
  ) {
    this.executor = new Executor(folder, (type, parent, content) => channels.publish(type, parent, content));
  }

  start(): void {
    this.publishStatus("starting");
    this.receiveShell();
    this.handleShell();
    this.handleControl();
  }

  /** Requests are taken off the socket at once, so that an error can turn away those already waiting. */
  private async receiveShell(): Promise<void> {
    for await (const request of this.channels.requests("shell", this.refuse)) {
      this.waiting.push(request);
      this.wake();
    }
  }

  private async handleShell(): Promise<void> {
    for (;;) {
      const request = this.waiting.shift();
      if (request) await this.handle("shell", request);
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private async handleControl(): Promise<void> {
    for await (const request of this.channels.requests("control", this.refuse)) {
      await this.handle("control", request);
    }
  }

  private readonly refuse = (error: Error) => this.log(`refused a message: ${error.message}`);

  private async handle(channel: RequestChannel, request: Message): Promise<void> {
    this.publishStatus("busy", request);
    try {
      const reply = await this.answer(request);
      this.executor.flush();
      if (reply) this.channels.reply(channel, request, reply);
    } catch (error) {
      this.log(`${request.header.msg_type} failed: ${(error as Error).stack}`);
      const { name, message } = error as Error;
      this.channels.reply(channel, request, { status: "error", ename: name, evalue: message, traceback: [] });
    }
    this.publishStatus("idle", request);
    if (request.header.msg_type === "shutdown_request") this.exit();
    if (request.header.msg_type === "kernel_info_request") setImmediate(() => this.executor.warmUp());
  }

  /** The reply's content, or undefined where the protocol has no reply. */
  private async answer(request: Message): Promise<Content | undefined> {
    const { content } = request;
    switch (request.header.msg_type) {
      case "kernel_info_request":
        return kernelInfo();
      case "execute_request":
        return this.execute(request);
      case "complete_request":
        return complete(this.executor.warmUp(), content);
      case "inspect_request":
        return inspect(this.executor.warmUp(), content);
      case "is_complete_request":
        return isComplete(content.code);
      case "history_request":
        return { status: "ok", history: this.history.find(content) };
      case "comm_info_request":
        return { status: "ok", comms: {} };
      case "comm_open":
        this.channels.publish("comm_close", request, { comm_id: content.comm_id, data: {} });
        return undefined;
      case "interrupt_request":
        this.executor.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        await this.executor.stop();
        return { status: "ok", restart: content.restart ?? false };
      default:
        this.log(`no answer to ${request.header.msg_type}`);
        return undefined;
    }
  }

  private async execute(request: Message): Promise<Content> {
    const { code, store_history = true, silent = false, stop_on_error = true } = request.content;
    const { reply, result } = await this.executor.execute(request);
    const text = result?.["text/plain"];
    if (store_history && !silent) this.history.add(this.executor.count, code, text as string | undefined);
    if (reply.status === "error" && stop_on_error) await this.turnAway();
    return reply;
  }

  /**
   * Turns away the cells that were waiting when one failed. What a client sends once it has the failure's reply is
   * none of these, so this comes before the reply. All have arrived when none has for a moment; to ask the socket
   * whether it is readable would take from its reader the only notice of what has just come.
   */
  private async turnAway(): Promise<void> {
    let taken: number;
    do {
      taken = this.waiting.length;
      await sleep(QUIET_MS);
    } while (this.waiting.length > taken);
    const isCell = ({ header }: Message) => header.msg_type === "execute_request";
    const cells = this.waiting.filter(isCell);
    const others = this.waiting.filter((request) => !isCell(request));
    this.waiting = others;
    for (const request of cells) {
      this.publishStatus("busy", request);
      this.channels.reply("shell", request, { status: "aborted" });
      this.publishStatus("idle", request);
    }
  }

  private publishStatus(execution_state: "starting" | "busy" | "idle", request?: Message): void {
    this.channels.publish("status", request, { execution_state });
  }
}

function isComplete(code: string): Content {
  const { completenessOf } = require("../language/completeness") as typeof import("../language/completeness");
  return completenessOf(code);
}

function kernelInfo(): Content {
  const { version } = require("tslab/package.json") as { version: string };
  const { version: typescript } = require("@tslab/typescript-for-tslab/package.json") as { version: string };
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "tslab",
    implementation_version: version,
    banner: `TypeScript ${typescript} on Node ${process.version}: weightspace's kernel over tslab ${version}`,
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      pygments_lexer: "typescript",
      codemirror_mode: { name: "javascript", typescript: true },
    },
    debugger: false,
    help_links: [{ text: "tslab", url: "https://github.com/yunabe/tslab" }],
  };
}
