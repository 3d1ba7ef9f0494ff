import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
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
  await assert.rejects(
    download(url, part, { leastRate: { bytes: 10, within: 100 } }),
    /127\.0\.0\.1:\d+ sent 0 bytes in 0\.1 s, expected 10 or more/,
  );
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

/** Sends `bytes` bytes every 10 ms, until it has sent `total`. */
function trickle(response: ServerResponse, bytes: number, total: number): void {
  let sent = 0;
  const timer = setInterval(() => {
    response.write(Buffer.alloc(bytes));
    sent += bytes;
    if (sent < total) return;
    clearInterval(timer);
    response.end();
  }, 10);
  response.on("close", () => clearInterval(timer));
}

test("a host that goes on sending single bytes is given up", async () => {
  const part = join(scratch, "drip");
  const url = await serve((_, response) => trickle(response, 1, Number.POSITIVE_INFINITY));
  await assert.rejects(
    download(url, part, { leastRate: { bytes: 1000, within: 200 } }),
    /127\.0\.0\.1:\d+ sent \d+ bytes in 0\.2 s, expected 1000 or more/,
  );
});

test("a slow host that keeps the least rate is waited for, longer than the rate's time", async () => {
  const part = join(scratch, "slow");
  const url = await serve((_, response) => trickle(response, 500, 30_000));
  await download(url, part, { leastRate: { bytes: 500, within: 300 } });
  assert.equal(statSync(part).size, 30_000);
});

test("a host that sends a few bytes to each attempt is given up at the third", async () => {
  const part = join(scratch, "few");
  let requests = 0;
  const url = await serve((_, response) => {
    requests++;
    response.writeHead(requests === 1 ? 200 : 206, { "Content-Length": 1000 });
    response.write("0123");
  });
  await assert.rejects(
    download(url, part, { leastRate: { bytes: 10, within: 100 } }),
    /sent 4 bytes in 0\.1 s, expected 10 or more/,
  );
  assert.equal(requests, 3);
  assert.equal(statSync(part).size, 12);
});

test("a host that sends more than allowed is given up, announced or not, and nothing of it is kept", async () => {
  const part = join(scratch, "endless");
  for (const announced of [{}, { "Content-Length": 10 ** 9 }]) {
    const url = await serve((_, response) => {
      response.writeHead(200, announced);
      trickle(response, 50_000, Number.POSITIVE_INFINITY);
    });
    await assert.rejects(
      download(url, part, { atMost: 60_000 }),
      /127\.0\.0\.1:\d+ sends more than the 60000 bytes that http:.* may have/,
    );
    assert.ok(!existsSync(part));
  }
});

test("a range that starts elsewhere than asked for is refused, and the part stays as it was", async () => {
  const part = join(scratch, "range");
  writeFileSync(part, "01234");
  const url = await serve((_, response) =>
    response.writeHead(206, { "Content-Range": "bytes 0-9/10" }).end("0123456789"),
  );
  await assert.rejects(download(url, part), /sent the bytes from 0, expected those from 5/);
  assert.equal(readFileSync(part, "utf8"), "01234");
});

test("a host that redirects in a circle is given up", async () => {
  const url = await serve((_, response) => response.writeHead(302, { Location: "/x" }).end());
  await assert.rejects(download(url, join(scratch, "circle")), /redirect count exceeded/);
});
