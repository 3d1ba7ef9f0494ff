import { isUtf8 } from "node:buffer";
import { Reply, Router, XPublisher } from "zeromq";
import { Input, type Question } from "./input";
import { type Content, type Message, Wire } from "./wire";

/** The content of the connection file that Jupyter passes to a kernel. */
export interface Connection {
  transport: string;
  ip: string;
  key: string;
  signature_scheme?: string;
  shell_port: number;
  control_port: number;
  stdin_port: number;
  iopub_port: number;
  hb_port: number;
}

export type RequestChannel = "shell" | "control";

/**
 * Messages are never dropped (no high-water mark) and sends never block (no send timeout). A send hands its message
 * to ZeroMQ's own thread before it returns, so output also arrives during a synchronous loop.
 */
const IMMEDIATE = { sendHighWaterMark: 0, sendTimeout: 0, linger: 2000 };

/** A front end that reconnects under its old identity replaces its old connection. */
const routing = { ...IMMEDIATE, handover: true };

/** The first byte of the frame that an XPUB socket receives when a client subscribes; the topic follows. */
const SUBSCRIBED = 1;

/** The kernel's five sockets. */
export class Channels {
  private readonly shell = new Router(routing);
  private readonly control = new Router(routing);
  private readonly stdin = new Router({ ...routing, mandatory: true });
  private readonly heartbeat = new Reply(IMMEDIATE);
  private readonly iopub = new XPublisher({ ...IMMEDIATE, verbosity: "allSubs" });
  private readonly wire: Wire;
  private readonly input: Input;

  /** @param refuse Called for each message that is refused. */
  constructor(
    private readonly connection: Connection,
    private readonly refuse: (error: Error) => void = () => {},
  ) {
    this.wire = new Wire(connection.key, connection.signature_scheme);
    this.input = new Input(this.stdin, this.wire);
  }

  async open(): Promise<void> {
    const { transport, ip } = this.connection;
    const address = (port: number) => `${transport}://${ip}${transport === "ipc" ? "-" : ":"}${port}`;
    await Promise.all([
      this.shell.bind(address(this.connection.shell_port)),
      this.control.bind(address(this.connection.control_port)),
      this.stdin.bind(address(this.connection.stdin_port)),
      this.iopub.bind(address(this.connection.iopub_port)),
      this.heartbeat.bind(address(this.connection.hb_port)),
    ]);
    this.beat();
    this.welcome();
    this.receiveInput();
  }

  /** Echoes the heartbeat. */
  private async beat(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }

  /**
   * Tells each new subscriber that it receives everything from now on:
   * https://jupyter.org/enhancement-proposals/65-jupyter-xpub/jupyter-xpub.html
   */
  private async welcome(): Promise<void> {
    for await (const [event] of this.iopub) {
      const topic = event!.subarray(1);
      if (event![0] !== SUBSCRIBED || !isUtf8(topic)) continue;
      const content = { subscription: topic.toString() };
      this.send(this.iopub, this.wire.compose("iopub_welcome", undefined, content, [topic]));
    }
  }

  private async receiveInput(): Promise<void> {
    for await (const frames of this.stdin) {
      try {
        this.input.receive(this.wire.decode(frames));
      } catch (error) {
        this.refuse(error as Error);
      }
    }
  }

  /**
   * Yields the requests as they arrive. A malformed, forged or replayed request is reported to `refuse` and skipped.
   */
  async *requests(channel: RequestChannel): AsyncGenerator<Message> {
    for await (const frames of this[channel]) {
      let message: Message;
      try {
        message = this.wire.decode(frames);
      } catch (error) {
        this.refuse(error as Error);
        continue;
      }
      yield message;
    }
  }

  /**
   * Asks the front end that sent a request for a line of input, after all earlier questions.
   *
   * @throws InputCancelled, or an Error if the front end has no stdin channel.
   */
  requestInput(parent: Message, question: Question): Promise<string> {
    return this.input.ask(parent, question);
  }

  /** Cancels all pending requests for input, for example when the cell is interrupted. */
  cancelInput(): void {
    this.input.cancel();
  }

  reply(channel: RequestChannel, request: Message, content: Content): void {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    this.send(this[channel], this.wire.compose(type, request, content, request.identities));
  }

  publish(type: string, parent: Message | undefined, content: Content): void {
    this.send(this.iopub, this.wire.compose(type, parent, content, [Buffer.from(type)]));
  }

  private send(socket: Router | XPublisher, message: Message): void {
    // A client that has disconnected is not an error.
    socket.send(this.wire.encode(message)).catch(() => {});
  }

  close(): void {
    this.cancelInput();
    const { shell, control, stdin, iopub, heartbeat } = this;
    for (const socket of [shell, control, stdin, iopub, heartbeat]) socket.close();
  }
}
