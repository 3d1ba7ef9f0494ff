import { Publisher, Reply, Router } from "zeromq";
import { type Content, type Message, Wire } from "./wire";

/** The connection file that Jupyter hands to a kernel. */
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
 * Nothing is ever dropped (no high-water mark) and nothing ever waits (no send timeout): a send hands its
 * message to ZeroMQ's own thread before it returns, so output also leaves during a synchronous loop.
 */
const immediate = { sendHighWaterMark: 0, sendTimeout: 0, linger: 2000 };

/** The kernel's five sockets. */
export class Channels {
  private readonly shell = new Router(immediate);
  private readonly control = new Router(immediate);
  private readonly stdin = new Router(immediate);
  private readonly heartbeat = new Reply(immediate);
  private readonly iopub = new Publisher(immediate);
  private readonly wire: Wire;

  constructor(private readonly connection: Connection) {
    this.wire = new Wire(connection.key, connection.signature_scheme);
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
  }

  /** Echoes the heartbeat. It pauses while a cell computes without a pause; Jupyter watches the process instead. */
  private async beat(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }

  /** The requests that arrive; one with a wrong signature is reported to `refuse` and passed over. */
  async *requests(channel: RequestChannel, refuse: (error: Error) => void): AsyncGenerator<Message> {
    for await (const frames of this[channel]) {
      let message: Message;
      try {
        message = this.wire.decode(frames);
      } catch (error) {
        refuse(error as Error);
        continue;
      }
      yield message;
    }
  }

  reply(channel: RequestChannel, request: Message, content: Content): void {
    const type = request.header.msg_type.replace(/_request$/, "_reply");
    this.send(this[channel], this.wire.compose(type, request, content, request.identities));
  }

  publish(type: string, parent: Message | undefined, content: Content): void {
    this.send(this.iopub, this.wire.compose(type, parent, content, [Buffer.from(type)]));
  }

  private send(socket: Router | Publisher, message: Message): void {
    // A client that has gone away is no error.
    socket.send(this.wire.encode(message)).catch(() => {});
  }

  close(): void {
    const { shell, control, stdin, iopub, heartbeat } = this;
    for (const socket of [shell, control, stdin, iopub, heartbeat]) socket.close();
  }
}
