import type { ErrorContent, FromCells, MimeBundle } from "../link/messages";
import type { CellProcess } from "./cell-process";
import type { LanguageThread } from "./language-thread";
import type { Content, Message } from "./wire";

/** The cell that is being executed. */
interface Current {
  id: number;
  request: Message;
  /** Ends the current step of the cell, if an interrupt can end it from this process. */
  interrupt(): void;
}

/** The outcome of a step of a cell: a value to show, if any, or an error. */
interface Outcome {
  data?: MimeBundle;
  error?: ErrorContent;
  /** The text for the front end's pager. */
  page?: Content;
}

const INTERRUPTED: Outcome = {
  error: {
    ename: "Interrupted",
    evalue: "the cell was interrupted",
    traceback: ["\u001b[31mInterrupted\u001b[39m: the cell was interrupted"],
  },
};

/** Compiles cells in the compiler's thread and runs them in the process of the cells, one at a time. */
export class Interpreter {
  /** The execution count of the last cell that was counted, shown as `[3]` beside it. */
  count = 0;
  /** The declarations of earlier cells, as the compiler emitted them. */
  declarations = "";
  private current: Current | undefined;
  /** The id of the cell in which programs were interrupted last. */
  private programsInterruptedIn: number | undefined;
  private lastId = 0;
  private readonly requests = new Map<number, Message>();
  private endOfRun: (outcome: Outcome) => void = () => {};
  private isIdle: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly cells: CellProcess,
    private readonly language: LanguageThread,
    private readonly publish: (type: string, parent: Message | undefined, content: Content) => void,
    /** Sends the remaining output of the cell. */
    private readonly flush: () => void,
  ) {}

  /** Returns the request that started a cell, even long after the cell has ended. */
  requestOf(id: number): Message | undefined {
    return this.requests.get(id) ?? this.requests.get(this.lastId);
  }

  /** The request that is being executed. */
  get executing(): Message | undefined {
    return this.current?.request;
  }

  /** Answers an `execute_request`: https://jupyter-client.readthedocs.io/en/stable/messaging.html#execute */
  execute(request: Message): Promise<{ reply: Content; result?: MimeBundle }> {
    const execution = this.executeCell(request).finally(() => {
      this.current = undefined;
    });
    this.isIdle = execution.catch(() => {});
    return execution;
  }

  /**
   * Interrupts the cell that is being executed or, if there is none, whatever else occupies the thread of the cells.
   */
  interrupt(): void {
    if (this.current) this.current.interrupt();
    else this.cells.send({ type: "interrupt", id: -1 });
  }

  /** Interrupts the cell and waits for its end, before which a training in it writes a checkpoint. */
  async stop(): Promise<void> {
    if (this.current) this.interrupt();
    await this.isIdle;
  }

  /** Handles the message that ends a run. */
  end(message: FromCells & { type: "done" | "failed" }): void {
    if (message.id === this.current?.id) this.endOfRun(message);
  }

  /** Ends the run of a cell whose process has exited. */
  fail(error: ErrorContent): void {
    this.programsInterruptedIn = undefined;
    this.endOfRun({ error });
  }

  private async executeCell(request: Message): Promise<{ reply: Content; result?: MimeBundle }> {
    const { code, silent = false, store_history = !silent, user_expressions = {} } = request.content;
    if (store_history && !silent) this.count++;
    const execution_count = this.count;
    if (!silent) this.publish("execute_input", request, { code, execution_count });
    const outcome = await this.run(request, code, `Cell [${execution_count}]`);
    if (outcome.error) return this.failure(request, outcome.error);
    const { data, page } = outcome;
    if (data && !silent) this.publish("execute_result", request, { execution_count, data, metadata: {} });
    const evaluated = await this.evaluateAll(user_expressions, request);
    const reply = { status: "ok", execution_count, payload: page ? [page] : [], user_expressions: evaluated };
    return { reply, result: data };
  }

  private failure(request: Message, error: ErrorContent): { reply: Content } {
    if (!request.content.silent) this.publish("error", request, error);
    return { reply: { status: "error", execution_count: this.count, ...error } };
  }

  /** Evaluates the expressions that a front end wants after the cell. Each has a result of its own. */
  private async evaluateAll(expressions: Record<string, string>, request: Message): Promise<Content> {
    const results: Content = {};
    for (const [name, expression] of Object.entries(expressions)) {
      const { data = {}, error } = await this.run(request, expression, `Expression [${name}]`);
      results[name] = error ? { status: "error", ...error } : { status: "ok", data, metadata: {} };
    }
    return results;
  }

  private async run(request: Message, source: string, name: string): Promise<Outcome> {
    const id = ++this.lastId;
    this.requests.set(id, request);
    const compilation = await this.compile(id, request, source, name);
    if (!compilation) return INTERRUPTED;
    if (compilation.error) return { error: compilation.error };
    // Declarations of a cell remain if it fails or is interrupted halfway, as in Python.
    this.declarations = compilation.declarations;
    if (!compilation.compiled) return { page: compilation.page };
    const outcome = new Promise<Outcome>((resolve) => (this.endOfRun = resolve));
    this.current = { id, request, interrupt: () => this.interruptRun(id) };
    this.cells.send({ type: "run", id, name, source, compiled: compilation.compiled });
    const ended = await outcome;
    await this.cells.outputOf(id);
    this.flush();
    return ended.error && this.programsInterruptedIn === id ? INTERRUPTED : ended;
  }

  private async compile(id: number, request: Message, source: string, name: string) {
    const stopped = new Promise<undefined>((resolve) => {
      this.current = { id, request, interrupt: () => resolve(undefined) };
    });
    return Promise.race([this.language.call("compile", this.declarations, source, name), stopped]);
  }

  private interruptRun(id: number): void {
    this.cells.send({ type: "interrupt", id });
    // As in a terminal, a child process that the cell waits for is interrupted too. Its end may make the cell fail
    // before the message arrives; the cell was interrupted all the same.
    const hadPrograms = this.cells.interruptPrograms(() => this.current?.id !== id);
    if (hadPrograms) this.programsInterruptedIn = id;
  }
}
