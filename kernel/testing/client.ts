import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Dealer, Request, Subscriber } from "zeromq";
import type { Connection } from "../protocol/channels";
import { type Content, type Message, Wire } from "../protocol/wire";
import { writeConnectionFile } from "./connection";
import { Outcome } from "./outcome";

export interface ClientOptions {
  /** The kernel's working folder. */
  cwd: string;
  /** The command that starts the kernel, without the connection file. Default: this project's kernel. */
  command?: string[];
  env?: NodeJS.ProcessEnv;
}

/** Returns what the user types in answer to a question; undefined leaves the question open. */
export type OnInput = (question: { prompt: string; password: boolean }) => string | undefined;

export type RequestChannel = "shell" | "control";

/** The ways in which Jupyter interrupts a kernel: usually by SIGINT, otherwise by a message on the control channel. */
export type InterruptMode = "signal" | "message";

/** A request that has been sent. */
interface Sent {
  outcome: Outcome;
  channel: RequestChannel;
  hasReply: boolean;
  onInput?: OnInput | undefined;
}

/** The command that starts this project's kernel; a connection file follows. */
export const kernelCommand = [
  process.execPath,
  "--require",
  require.resolve("tsx/cjs"),
  join(__dirname, "..", "main.ts"),
];

const isWindows = process.platform === "win32";

/** A minimal Jupyter client for tests and benchmarks. */
export class Client {
  readonly wire: Wire;
  /** Messages that answer no request of this client: the start, welcome messages, output of other clients' cells. */
  readonly stray: Message[] = [];
  private readonly sent = new Map<string, Sent>();
  private readonly sockets: ReturnType<typeof connect>;
  /** Emits `change` after each message that arrives, and after the kernel's exit. */
  private readonly events = new EventEmitter().setMaxListeners(0);
  /** Whether the kernel has exited and all of its messages have arrived. */
  private isOver = false;
  private removeFolder = () => {};

  private constructor(
    readonly process: ChildProcess,
    readonly connection: Connection,
  ) {
    this.wire = new Wire(connection.key);
    this.sockets = connect(connection);
    for (const channel of ["shell", "control", "stdin", "iopub"] as const) this.receive(channel);
    process.once("exit", async () => {
      await sleep(200);
      this.isOver = true;
      this.events.emit("change");
    });
  }

  /** Starts a kernel and waits until it answers. */
  static async start({ cwd, command = kernelCommand, env = {} }: ClientOptions): Promise<Client> {
    const { connection, file, remove } = await writeConnectionFile();
    const [program, ...args] = [...command, file];
    // Jupyter also makes the kernel the leader of a process group, to which it sends signals.
    const options = { cwd, env: { ...process.env, ...env }, stdio: "pipe", detached: !isWindows } as const;
    const client = new Client(spawn(program!, args, options), connection);
    client.removeFolder = remove;
    await client.untilReady();
    return client;
  }

  /** Connects another client to the same kernel. */
  async another(): Promise<Client> {
    const client = new Client(this.process, this.connection);
    await client.untilReady();
    return client;
  }

  /** Sends a request and resolves when it has been answered and the kernel is idle again. */
  request(type: string, content: Content = {}, channel: RequestChannel = "shell"): Promise<Outcome> {
    return this.settled(this.send(type, content, { channel }));
  }

  /** Executes a cell; with `onInput`, the cell may ask for input. */
  execute(code: string, options: Content & { onInput?: OnInput } = {}): Promise<Outcome> {
    return this.settled(this.begin(code, options));
  }

  /** Starts a cell without waiting for its end; the outcome fills as messages arrive. */
  begin(code: string, { onInput, ...options }: Content & { onInput?: OnInput } = {}): Outcome {
    const content = { code, silent: false, allow_stdin: onInput !== undefined, ...options };
    return this.send("execute_request", content, { onInput });
  }

  /** Sends a message to which the protocol has no reply. */
  notify(type: string, content: Content): Promise<Outcome> {
    return this.settled(this.send(type, content, { hasReply: false }));
  }

  /** Sends frames unchanged, signed or not. */
  async sendRaw(frames: Buffer[], channel: RequestChannel | "stdin" = "shell"): Promise<void> {
    await this.sockets[channel].send(frames);
  }

  /**
   * Waits until a condition on the received messages holds.
   *
   * @throws Error if the kernel exits before that.
   */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.isOver) throw new Error(`the kernel has exited with ${this.exitStatus}`);
      await once(this.events, "change");
    }
  }

  /** Waits for the end of a request that has been sent. */
  async settled(outcome: Outcome): Promise<Outcome> {
    const [sent] = [...this.sent.values()].filter((other) => other.outcome === outcome);
    await this.until(() => (outcome.answer || !sent!.hasReply) && outcome.isIdle);
    return outcome;
  }

  /** Measures the heartbeat's round trip in milliseconds. */
  async heartbeat(): Promise<number> {
    const started = performance.now();
    const ping = randomUUID();
    await this.sockets.heartbeat.send(ping);
    const [pong] = await this.sockets.heartbeat.receive();
    if (String(pong) !== ping) throw new Error(`expected the heartbeat ${ping} back, got ${pong}`);
    return performance.now() - started;
  }

  /** Sends a signal to the kernel's process group, as Jupyter does. */
  signal(name: NodeJS.Signals): void {
    if (isWindows) this.process.kill(name);
    else process.kill(-this.process.pid!, name);
  }

  /** Interrupts the running cell. */
  interrupt(mode: InterruptMode = "signal"): void {
    if (mode === "signal") this.signal("SIGINT");
    else this.send("interrupt_request", {}, { channel: "control" });
  }

  get hasExited(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  /** How the kernel exited. */
  get exitStatus(): number | NodeJS.Signals | null {
    return this.process.exitCode ?? this.process.signalCode;
  }

  /** Waits for the kernel's exit and returns its exit code, or the signal that ended it. */
  async exited(): Promise<number | NodeJS.Signals | null> {
    if (!this.hasExited) await once(this.process, "exit");
    return this.exitStatus;
  }

  /** Closes the sockets and leaves the kernel running. */
  disconnect(): void {
    for (const socket of Object.values(this.sockets)) socket.close();
  }

  /** Shuts the kernel down, and kills it if it does not exit. */
  async close(): Promise<void> {
    if (!this.hasExited) {
      this.send("shutdown_request", { restart: false }, { channel: "control" });
      const timer = setTimeout(() => this.signal("SIGKILL"), 3000);
      await this.exited();
      clearTimeout(timer);
    }
    this.disconnect();
    this.removeFolder();
  }

  private async untilReady(): Promise<void> {
    let errors = "";
    this.process.stderr?.on("data", (chunk) => (errors += chunk));
    const asked: Outcome[] = [];
    // Until the subscription is active, the kernel's "idle" may be missed, so ask again.
    const ask = () => asked.push(this.send("kernel_info_request", {}));
    ask();
    const timer = setInterval(ask, 100);
    try {
      await this.until(() => asked.some(({ answer, isIdle }) => answer && isIdle));
    } catch (error) {
      throw new Error(`${(error as Error).message}: ${errors}`);
    } finally {
      clearInterval(timer);
    }
  }

  private send(
    type: string,
    content: Content,
    { channel = "shell", hasReply = true, onInput }: Partial<Sent> = {},
  ): Outcome {
    const message = this.wire.compose(type, undefined, content, []);
    const outcome = new Outcome(message);
    this.sent.set(message.header.msg_id, { outcome, channel, hasReply, onInput });
    this.sockets[channel].send(this.wire.encode(message)).catch(() => {});
    return outcome;
  }

  private async receive(channel: RequestChannel | "stdin" | "iopub"): Promise<void> {
    for await (const frames of this.sockets[channel]) {
      const message = this.wire.decode(frames as Buffer[]);
      const request = this.sent.get(message.parent.msg_id ?? "");
      if (!request) this.stray.push(message);
      else if (channel === "iopub") request.outcome.published.push(message);
      else if (channel === "stdin") this.answer(request, message);
      else request.outcome.answer = message;
      this.events.emit("change");
    }
  }

  private answer({ outcome, onInput }: Sent, question: Message): void {
    outcome.questions.push(question);
    const { prompt, password } = question.content as { prompt: string; password: boolean };
    const value = onInput?.({ prompt, password });
    if (value === undefined) return;
    void this.sendRaw(this.wire.encode(this.wire.compose("input_reply", question, { value }, [])), "stdin");
  }
}

/** Shell and stdin share a routing identity, by which the kernel finds the front end that answers a question. */
function connect({ ip, transport, ...ports }: Connection) {
  const routingId = randomUUID();
  const address = (port: number) => `${transport}://${ip}:${port}`;
  const sockets = {
    shell: new Dealer({ routingId, linger: 0 }),
    stdin: new Dealer({ routingId, linger: 0 }),
    control: new Dealer({ linger: 0 }),
    heartbeat: new Request({ linger: 0, relaxed: true, correlate: true }),
    iopub: new Subscriber({ linger: 0 }),
  };
  sockets.iopub.subscribe();
  sockets.shell.connect(address(ports.shell_port));
  sockets.stdin.connect(address(ports.stdin_port));
  sockets.control.connect(address(ports.control_port));
  sockets.heartbeat.connect(address(ports.hb_port));
  sockets.iopub.connect(address(ports.iopub_port));
  return sockets;
}
