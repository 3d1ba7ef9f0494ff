import { setTimeout as sleep } from "node:timers/promises";
import type { FromCells } from "../link/messages";
import type { CellProcess } from "./cell-process";
import type { Channels, RequestChannel } from "./channels";
import { History } from "./history";
import { InputCancelled } from "./input";
import { Interpreter } from "./interpreter";
import { kernelInfo } from "./kernel-info";
import type { LanguageThread } from "./language-thread";
import { Streams } from "./streams";
import type { Content, Message } from "./wire";

/** The process of the cells and the compiler's thread. */
export interface Workers {
  cells: CellProcess;
  language: LanguageThread;
}

/** The pause after which no further request is expected to be on its way, in milliseconds. */
const QUIET = 5;
/** How long to wait for the end of a cell when the kernel shuts down, in milliseconds. */
const LAST_PATIENCE = 10_000;

/**
 * Answers Jupyter's requests: https://jupyter-client.readthedocs.io/en/stable/messaging.html
 *
 * Cells run one after another. All other requests are answered at once, even while a cell runs.
 */
export class Kernel {
  private readonly history = new History();
  private readonly cells: CellProcess;
  private readonly language: LanguageThread;
  private readonly interpreter: Interpreter;
  private readonly streams: Streams<Message | undefined>;
  private waiting: Message[] = [];
  private wake = () => {};
  private isEnding = false;

  /** @param workers The workers that compute for the kernel, already started. */
  constructor(
    private readonly channels: Channels,
    { cells, language }: Workers,
    private readonly log: (message: string) => void,
  ) {
    this.cells = cells;
    this.language = language;
    this.streams = new Streams(({ name, owner, text }) => channels.publish("stream", owner, { name, text }));
    const publish: Channels["publish"] = (...message) => channels.publish(...message);
    this.interpreter = new Interpreter(cells, language, publish, () => this.streams.flush());
    cells.listen({
      onMessage: (message) => this.receive(message),
      onStray: (name, text) => this.writeStray(name, text),
      onExit: (code, signal) => this.endAfterCells(code, signal),
    });
    language.onFailure((fault) => {
      log(`the compiler's thread has ended: ${fault.stack}`);
      this.exit(1);
    });
  }

  start(): void {
    this.publishStatus("starting");
    this.receiveShell();
    this.executeWaiting();
    this.receiveControl();
  }

  interrupt(): void {
    this.channels.cancelInput();
    this.interpreter.interrupt();
  }

  /** Shuts the kernel down. The running cell is interrupted, before which a training in it writes a checkpoint. */
  async stop(code = 0): Promise<void> {
    await this.endCell();
    this.exit(code);
  }

  private endCell(): Promise<unknown> {
    return Promise.race([this.interpreter.stop(), sleep(LAST_PATIENCE)]);
  }

  /** Forwards a signal that asks the kernel to end: the process of the cells exits, and then the kernel does. */
  endBySignal(signal: NodeJS.Signals): void {
    this.cells.signal(signal);
  }

  private exit(code: number): void {
    this.isEnding = true;
    this.cells.signal("SIGKILL", { group: true });
    this.channels.close();
    process.exit(code);
  }

  private async endAfterCells(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (this.isEnding) return;
    const how = signal ? `by ${signal}` : `with exit code ${code}`;
    const evalue = `the process that runs the cells has ended ${how}`;
    this.log(evalue);
    this.interpreter.fail({ ename: "KernelEnded", evalue, traceback: [evalue] });
    await sleep(QUIET);
    this.channels.close();
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code ?? 1);
  }

  private async receiveShell(): Promise<void> {
    for await (const request of this.channels.requests("shell")) {
      if (request.header.msg_type === "execute_request") {
        this.waiting.push(request);
        this.wake();
      } else void this.handle("shell", request);
    }
  }

  private async receiveControl(): Promise<void> {
    for await (const request of this.channels.requests("control")) {
      void this.handle("control", request);
    }
  }

  private async executeWaiting(): Promise<void> {
    for (;;) {
      const request = this.waiting.shift();
      if (request) await this.handle("shell", request);
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private async handle(channel: RequestChannel, request: Message): Promise<void> {
    this.publishStatus("busy", request);
    try {
      const reply = await this.answer(request);
      if (reply) this.channels.reply(channel, request, reply);
    } catch (error) {
      this.log(`${request.header.msg_type} failed: ${(error as Error).stack}`);
      const { name, message } = error as Error;
      this.channels.reply(channel, request, { status: "error", ename: name, evalue: message, traceback: [] });
    }
    this.publishStatus("idle", request);
    if (request.header.msg_type === "shutdown_request") this.exit(0);
    // A front end takes the latest status for the kernel's, whichever request it belongs to.
    const { executing } = this.interpreter;
    if (executing && executing !== request) this.publishStatus("busy", executing);
  }

  /** Returns the reply's content, or undefined if the protocol has no reply. */
  private async answer(request: Message): Promise<Content | undefined> {
    const { content } = request;
    const { declarations } = this.interpreter;
    switch (request.header.msg_type) {
      case "kernel_info_request":
        return kernelInfo();
      case "execute_request":
        return this.execute(request);
      case "complete_request":
        return this.language.call("complete", declarations, content);
      case "inspect_request":
        return this.language.call("inspect", declarations, content);
      case "is_complete_request":
        return this.language.call("isComplete", content.code);
      case "history_request":
        return { status: "ok", history: this.history.find(content) };
      case "comm_info_request":
        return { status: "ok", comms: {} };
      case "comm_open":
        this.channels.publish("comm_close", request, { comm_id: content.comm_id, data: {} });
        return undefined;
      case "interrupt_request":
        this.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        await this.endCell();
        return { status: "ok", restart: content.restart ?? false };
      default:
        this.log(`no answer to ${request.header.msg_type}`);
        return undefined;
    }
  }

  private async execute(request: Message): Promise<Content> {
    const { code, store_history = true, silent = false, stop_on_error = true } = request.content;
    const { reply, result } = await this.interpreter.execute(request);
    this.channels.cancelInput();
    const text = result?.["text/plain"];
    if (store_history && !silent) this.history.add(this.interpreter.count, code, text as string | undefined);
    if (reply.status === "error" && stop_on_error) await this.turnAway();
    return reply;
  }

  /**
   * Rejects the cells that were queued when a cell failed. A cell that a client sends after it has received the
   * failure's reply is not one of them, so this happens before the reply is sent. The queue is considered complete
   * when nothing has arrived for a moment: asking the socket whether it is readable would consume the only
   * notification that its reader gets.
   */
  private async turnAway(): Promise<void> {
    let taken: number;
    do {
      taken = this.waiting.length;
      await sleep(QUIET);
    } while (this.waiting.length > taken);
    const turnedAway = this.waiting;
    this.waiting = [];
    for (const request of turnedAway) {
      this.publishStatus("busy", request);
      this.channels.reply("shell", request, { status: "aborted" });
      this.publishStatus("idle", request);
    }
  }

  private writeStray(name: "stdout" | "stderr", text: string): void {
    const request = this.interpreter.requestOf(0);
    // Before the first cell there are no subscribers.
    if (!request) this.log(text.trimEnd());
    if (!request?.content.silent) this.streams.write(name, request, text);
  }

  private receive(message: FromCells): void {
    const request = this.interpreter.requestOf(message.id);
    // A silent cell publishes nothing; its reply says that it failed.
    if (request?.content.silent && /stream|display|clear/.test(message.type)) return;
    if (message.type === "stream") {
      this.streams.write(message.name, request, message.text);
      return;
    }
    this.streams.flush();
    if (message.type === "display") {
      const { data, update, displayId } = message;
      const transient = displayId === undefined ? {} : { display_id: displayId };
      const type = update ? "update_display_data" : "display_data";
      this.channels.publish(type, request, { data, metadata: {}, transient });
    } else if (message.type === "clear") {
      this.channels.publish("clear_output", request, { wait: message.wait });
    } else if (message.type === "input") {
      void this.askUser(message, request);
    } else this.interpreter.end(message);
  }

  private async askUser({ question, prompt, password }: FromCells & { type: "input" }, request?: Message) {
    try {
      if (!request?.content.allow_stdin)
        throw new Error("the front end takes no input (allow_stdin is false)");
      const text = await this.channels.requestInput(request, { prompt, password });
      this.cells.send({ type: "input", question, text });
    } catch (error) {
      if (error instanceof InputCancelled) return;
      this.cells.send({ type: "input", question, refusal: (error as Error).message });
    }
  }

  private publishStatus(execution_state: "starting" | "busy" | "idle", request?: Message): void {
    this.channels.publish("status", request, { execution_state });
  }
}
