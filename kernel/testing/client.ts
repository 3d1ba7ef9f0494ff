import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import { type Content, type Message, Wire } from "../protocol/wire";

/** What came back for one request: its reply and all that was published until the kernel was idle again. */
export interface Outcome {
  reply: Content;
  published: Message[];
  /** The contents of the published messages of one type, in order. */
  of(type: string): Content[];
  /** All the text of one stream. */
  text(name: "stdout" | "stderr"): string;
}

export interface ClientOptions {
  /** The kernel's working folder. */
  cwd: string;
  /** The command that starts it, before the connection file; this project's kernel by default. */
  command?: string[];
  env?: NodeJS.ProcessEnv;
}

/** Starts this project's kernel, given a connection file. */
export const kernelCommand = [
  process.execPath,
  "--require",
  require.resolve("tsx/cjs"),
  join(__dirname, "..", "main.ts"),
];

/** A Jupyter client, as small as tests and benchmarks need it. */
export class Client {
  readonly wire: Wire;
  private readonly pending = new Map<string, { published: Message[]; settle: () => void; reply?: Content }>();
  private readonly sockets: { shell: Dealer; control: Dealer; iopub: Subscriber };

  private constructor(
    readonly process: ChildProcess,
    private readonly folder: string,
    key: string,
    ports: Ports,
  ) {
    this.wire = new Wire(key);
    const sockets = { shell: new Dealer(), control: new Dealer(), iopub: new Subscriber() };
    sockets.shell.connect(`tcp://127.0.0.1:${ports.shell_port}`);
    sockets.control.connect(`tcp://127.0.0.1:${ports.control_port}`);
    sockets.iopub.connect(`tcp://127.0.0.1:${ports.iopub_port}`);
    sockets.iopub.subscribe();
    this.sockets = sockets;
    for (const socket of Object.values(sockets)) this.receive(socket);
  }

  /** Starts a kernel and waits until it answers. */
  static async start({ cwd, command = kernelCommand, env = {} }: ClientOptions): Promise<Client> {
    const folder = mkdtempSync(join(tmpdir(), "kernel-"));
    const ports = await freePorts();
    const key = randomUUID();
    const file = join(folder, "connection.json");
    const connection = { transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256", ...ports };
    writeFileSync(file, JSON.stringify(connection));
    const [program, ...args] = [...command, file];
    const kernel = spawn(program!, args, { cwd, env: { ...process.env, ...env }, stdio: "pipe" });
    const client = new Client(kernel, folder, key, ports);
    await client.untilReady();
    return client;
  }

  /** Sends a request; the outcome is there when the kernel is idle again. */
  async request(
    type: string,
    content: Content = {},
    channel: "shell" | "control" = "shell",
  ): Promise<Outcome> {
    return this.send(channel, this.wire.compose(type, undefined, content, []));
  }

  async execute(code: string, options: Content = {}): Promise<Outcome> {
    return this.request("execute_request", { code, silent: false, allow_stdin: false, ...options });
  }

  /** Sends a message that the protocol has no reply to. */
  async notify(type: string, content: Content): Promise<Outcome> {
    return this.send("shell", this.wire.compose(type, undefined, content, []), { hasReply: false });
  }

  /** Sends frames as they are, signed or not. */
  async sendRaw(frames: Buffer[]): Promise<void> {
    await this.sockets.shell.send(frames);
  }

  /** Shuts the kernel down, and kills it if it does not go. */
  async close(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.process.once("exit", () => resolve()));
    if (this.process.exitCode === null && this.process.signalCode === null) {
      void this.request("shutdown_request", { restart: false }, "control");
      const timer = setTimeout(() => this.process.kill("SIGKILL"), 3000);
      await gone;
      clearTimeout(timer);
    }
    for (const socket of Object.values(this.sockets)) socket.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async untilReady(): Promise<void> {
    const exited = new Promise<never>((_, reject) => {
      let errors = "";
      this.process.stderr?.on("data", (chunk) => (errors += chunk));
      this.process.once("exit", (code) => reject(new Error(`the kernel exited with ${code}: ${errors}`)));
    });
    exited.catch(() => {});
    for (;;) {
      // Until the subscription holds, the kernel's "idle" may be missed: ask again.
      const answer = this.request("kernel_info_request");
      const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 100));
      if (await Promise.race([answer, late, exited])) return;
    }
  }

  private send(channel: "shell" | "control", message: Message, { hasReply = true } = {}): Promise<Outcome> {
    return new Promise((resolve) => {
      const reply: Content | undefined = hasReply ? undefined : {};
      const entry = { published: [] as Message[], reply, settle: () => {} };
      entry.settle = () => {
        const isIdle = entry.published.some(({ content }) => content.execution_state === "idle");
        if (!entry.reply || !isIdle) return;
        resolve(outcome(entry.reply, entry.published));
      };
      this.pending.set(message.header.msg_id, entry);
      this.sockets[channel].send(this.wire.encode(message));
    });
  }

  private async receive(socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      const message = this.wire.decode(frames as Buffer[]);
      const entry = this.pending.get(message.parent.msg_id ?? "");
      if (!entry) continue;
      if (socket === this.sockets.iopub) entry.published.push(message);
      else entry.reply = message.content;
      entry.settle();
    }
  }
}

function outcome(reply: Content, published: Message[]): Outcome {
  const of = (type: string) =>
    published.filter(({ header }) => header.msg_type === type).map(({ content }) => content);
  const text = (name: string) =>
    of("stream")
      .filter((content) => content.name === name)
      .map((content) => content.text)
      .join("");
  return { reply, published, of, text };
}

const channelNames = ["shell_port", "control_port", "stdin_port", "iopub_port", "hb_port"] as const;
type Ports = Record<(typeof channelNames)[number], number>;

async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(
    channelNames.map(async (name) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return { name, server, port: (server.address() as { port: number }).port };
    }),
  );
  for (const { server } of servers) server.close();
  return Object.fromEntries(servers.map(({ name, port }) => [name, port])) as Ports;
}
