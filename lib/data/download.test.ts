import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { download } from "./download";

const scratch = mkdtempSync(join(tmpdir(), "download-test-"));
after(() => rmSync(scratch, { recursive: true }));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
}

test("a host that accepts but does not answer is given up", async () => {
  const part = join(scratch, "silent");
  const url = await serve(() => {});
  await assert.rejects(
    download(url, part, { answerWithin: 100 }),
    /127\.0\.0\.1:\d+ did not answer within 0\.1 s/,
  );
  assert.ok(!existsSync(part));
});

test("a transfer that stalls again and again without a byte is given up, and what came is kept", async () => {
  const part = join(scratch, "stalled");
  const url = await serve((request, response) => {
    const first = !request.headers.range;
    response.writeHead(first ? 200 : 206, { "Content-Length": first ? 10 : 5 }).flushHeaders();
    if (first) response.write("01234");
  });
  await assert.rejects(download(url, part, { stallFor: 100 }), /sent nothing for 0\.1 s/);
  assert.equal(statSync(part).size, 5);
});

test("progress tells the bytes there of all, those of an earlier part included", async () => {
  const seen: [number, number][] = [];
  const onProgress = (received: number, total: number) => seen.push([received, total]);
  const part = join(scratch, "progress");
  const cut = await serve((_, response) => response.writeHead(200, { "Content-Length": 5 }).end("01234"));
  const rest = await serve((_, response) => response.writeHead(206, { "Content-Length": 3 }).end("567"));
  await download(cut, part, { onProgress });
  await download(rest, part, { onProgress });
  assert.deepEqual(seen, [
    [5, 5],
    [8, 8],
  ]);
});
