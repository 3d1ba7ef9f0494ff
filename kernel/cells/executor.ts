import { inspect } from "node:util";
import { type Host, installHost, type MimeBundle } from "../../lib/notebook/host";
import { Streams } from "../protocol/streams";
import type { Content, Message } from "../protocol/wire";
import { bundleOf, encode } from "./bundles";
import { running, silenceTimersOfAbandonedCells } from "./interrupt";
import type { Cell, Session } from "./session";

export type Publish = (type: string, parent: Message | undefined, content: Content) => void;

/** A cell together with the request that its output answers. */
interface Execution extends Cell {
  request: Message;
  controller: AbortController;
}

/** As in IPython, a cell that is a name and a question mark asks what that is. */
const question = /^\s*([\w$.]+)\?\s*$/;

function page(text: string | undefined, name: string): Content {
  return { source: "page", data: { "text/plain": text ?? `${name} is not defined` }, start: 0 };
}

/** Runs cells one after the other and publishes all that comes out of them. */
export class Executor {
  count = 0;
  private readonly cells = new Map<string, Execution>();
  private readonly streams: Streams<Message | undefined>;
  private current: Execution | undefined;
  /** Settles with the last cell that was started. */
  private lastCell: Promise<unknown> = Promise.resolve();
  private session: Session | undefined;

  /** @param folder The notebook's folder. */
  constructor(
    private readonly folder: string,
    private readonly publish: Publish,
  ) {
    this.streams = new Streams(({ name, owner, text }) => this.publish("stream", owner, { name, text }));
  }

  /** Takes over the process: its standard output, its timers, its uncaught errors. */
  install(): void {
    const { streams } = this;
    for (const name of ["stdout", "stderr"] as const) {
      process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
        const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
        if (!running.getStore()?.isAbandoned) streams.write(name, this.owner(), text);
        const done = rest.find((argument) => typeof argument === "function");
        if (typeof done === "function") process.nextTick(done);
        return true;
      }) as typeof process.stdout.write;
    }
    silenceTimersOfAbandonedCells();
    installHost(this.host());
    process.on("SIGINT", () => this.interrupt());
    process.on("uncaughtException", (error) => this.reportStray(error));
    process.on("unhandledRejection", (error) => this.reportStray(error));
  }

  /** Loads the compiler, which takes half a second, before the first cell needs it. */
  warmUp(): Session {
    if (!this.session) {
      const { Session } = require("./session") as typeof import("./session");
      this.session = new Session(this.folder);
      this.hookTslab();
    }
    return this.session;
  }

  interrupt(): void {
    running.exit(() => this.current?.controller.abort());
  }

  /** Interrupts the running cell and waits for its end: a training in it writes a checkpoint before. */
  async stop(): Promise<void> {
    this.interrupt();
    await this.lastCell;
  }

  /** Answers an `execute_request`: https://jupyter-client.readthedocs.io/en/stable/messaging.html#execute */
  execute(request: Message): Promise<{ reply: Content; result?: MimeBundle }> {
    const cell = this.executeCell(request);
    this.lastCell = cell.catch(() => {});
    return cell;
  }

  private async executeCell(request: Message): Promise<{ reply: Content; result?: MimeBundle }> {
    const { code, silent = false, store_history = !silent, user_expressions = {} } = request.content;
    if (store_history && !silent) this.count++;
    const execution_count = this.count;
    if (!silent) this.publish("execute_input", request, { code, execution_count });
    const cell = this.begin(request, code, `Cell [${execution_count}]`);
    const ok = { status: "ok", execution_count, payload: [] as Content[], user_expressions: {} };
    try {
      const session = this.warmUp();
      const asked = question.exec(code)?.[1];
      if (asked) return { reply: { ...ok, payload: [page(session.inspect(asked, asked.length), asked)] } };
      const data = await running.run(cell, async () => {
        const value = await session.run(cell);
        const bundle = value == null ? {} : await bundleOf(value);
        return Object.keys(bundle).length > 0 ? bundle : undefined;
      });
      this.streams.flush();
      if (data && !silent) this.publish("execute_result", request, { execution_count, data, metadata: {} });
      const evaluated = await this.evaluateAll(user_expressions, request);
      return { reply: { ...ok, user_expressions: evaluated }, result: data };
    } catch (error) {
      cell.controller.abort();
      this.streams.flush();
      const content = this.describe(error, cell);
      this.publish("error", request, content);
      return { reply: { status: "error", execution_count, ...content } };
    } finally {
      this.current = undefined;
    }
  }

  flush(): void {
    this.streams.flush();
  }

  private begin(request: Message, source: string, name: string): Execution {
    const controller = new AbortController();
    const cell = { name, source, request, controller, signal: controller.signal };
    this.cells.set(name, cell);
    this.current = cell;
    return cell;
  }

  /** Small expressions that a front end wants evaluated after the cell, each with a result of its own. */
  private async evaluateAll(expressions: Record<string, string>, request: Message): Promise<Content> {
    const results: Content = {};
    for (const [name, expression] of Object.entries(expressions)) {
      const cell = this.begin(request, expression, `Expression [${name}]`);
      try {
        const value = await running.run(cell, () => this.warmUp().run(cell));
        results[name] = { status: "ok", data: await bundleOf(value), metadata: {} };
      } catch (error) {
        results[name] = { status: "error", ...this.describe(error, cell) };
      }
    }
    return results;
  }

  private describe(error: unknown, cell?: Cell) {
    const { describeError } = require("./traceback") as typeof import("./traceback");
    return describeError(error, this.cells, cell);
  }

  /** Code that outlives its cell still answers to that cell's request. */
  private owner(): Message | undefined {
    const cell = running.getStore() as Execution | undefined;
    return (cell ?? this.current)?.request;
  }

  private host(): Host {
    const signal = () => (running.getStore() ?? this.current)?.signal ?? new AbortController().signal;
    const show: Host["display"] = (bundle, { id, update = false } = {}) => {
      if (running.getStore()?.isAbandoned) return;
      this.streams.flush();
      const transient = id === undefined ? {} : { display_id: id };
      const content = { data: encode(bundle), metadata: {}, transient };
      this.publish(update ? "update_display_data" : "display_data", this.owner(), content);
    };
    return {
      display: show,
      clearOutput: (wait = false) => {
        this.streams.flush();
        this.publish("clear_output", this.owner(), { wait });
      },
      get signal() {
        return signal();
      },
    };
  }

  /** tslab's own `display`, as other people's notebooks use it, writes through this hook. */
  private hookTslab(): void {
    const jupyter = require("tslab/dist/jupyter") as {
      lastWriteDisplayData: (content: Content, update?: boolean) => void;
    };
    const { display } = this.host();
    jupyter.lastWriteDisplayData = ({ data, transient }, update) =>
      display(data, { id: transient.display_id, update });
  }

  private reportStray(error: unknown): void {
    const { traceback } = this.session ? this.describe(error) : { traceback: [inspect(error)] };
    this.streams.write("stderr", this.owner(), `Uncaught ${traceback.join("\n")}\n`);
  }
}
