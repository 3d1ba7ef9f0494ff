import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../protocol/channels";

const channelNames = ["shell_port", "control_port", "stdin_port", "iopub_port", "hb_port"] as const;
export type Ports = Pick<Connection, (typeof channelNames)[number]>;

/** Five ports on which nothing listens. */
export async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(
    channelNames.map(async (name) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return { name, server, port: (server.address() as { port: number }).port };
    }),
  );
  for (const { server } of servers) server.close();
  return Object.fromEntries(servers.map(({ name, port }) => [name, port])) as unknown as Ports;
}

/** Writes a connection file in a folder of its own, as Jupyter does for each kernel. */
export async function writeConnectionFile() {
  const connection: Connection = {
    transport: "tcp",
    ip: "127.0.0.1",
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    ...(await freePorts()),
  };
  const folder = mkdtempSync(join(tmpdir(), "kernel-"));
  const file = join(folder, "connection.json");
  writeFileSync(file, JSON.stringify(connection));
  return { connection, file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
