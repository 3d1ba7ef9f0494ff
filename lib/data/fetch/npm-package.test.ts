import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type PackOptions, packNpm } from "./npm-package";

const scratch = mkdtempSync(join(tmpdir(), "npm-package-test-"));
after(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }));

/**
 * Packs a package from a registry on this machine, which must fail; returns the error and the registry's host when
 * npm has let go of all connections.
 */
async function failure(
  registry: RequestListener,
  options: PackOptions,
): Promise<{ error: Error; host: string }> {
  const server = createServer(registry).listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env["npm_config_registry"] = `http://${host}/`;
  try {
    const error = await packNpm("noise@1.0.0", mkdtempSync(join(scratch, "pack-")), options).then(
      () => assert.fail("it did not fail"),
      (error: Error) => error,
    );
    const closed = once(server, "close");
    server.close();
    await closed;
    return { error, host };
  } finally {
    delete process.env["npm_config_registry"];
  }
}

test("a registry that accepts but never answers is given up by its name, and npm is ended", async () => {
  const { error, host } = await failure(() => {}, { leastRate: { bytes: 2 ** 18, within: 4000 } });
  assert.match(
    error.message,
    new RegExp(`^the npm registry ${host} sent \\d+ bytes in 4 s, expected 262144 or more$`),
  );
});

test("an interrupt ends npm", async () => {
  const interrupt = new AbortController();
  const { error } = await failure(() => interrupt.abort(new Error("stop")), { signal: interrupt.signal });
  assert.equal(error.message, "stop");
});

test("a registry whose tarball has no end is given up", async () => {
  const { error, host } = await failure(
    (request, response) => {
      if (!request.url!.endsWith(".tgz")) {
        const dist = { tarball: `http://${request.headers.host}/noise.tgz` };
        const versions = { "1.0.0": { name: "noise", version: "1.0.0", dist } };
        response.end(JSON.stringify({ name: "noise", versions }));
        return;
      }
      const send = (): boolean =>
        response.write(Buffer.alloc(2 ** 20), (fault) => fault || setImmediate(send));
      send();
    },
    { atMost: 1_000_000 },
  );
  assert.equal(error.message, `the npm registry ${host} sends more than 1000000 bytes`);
});
