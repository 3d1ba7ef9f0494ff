import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { endMark } from "../link/end-mark";

const NAMES = ["stdout", "stderr"] as const;
export type StreamName = (typeof NAMES)[number];

/**
 * Replaces `process.stdout` and `process.stderr` with streams of its own. Output that bypasses them, written to the
 * file descriptors, reaches the kernel's process through pipes.
 *
 * @param deliver Receives text, in whole characters.
 */
export function replaceStandardStreams(deliver: (name: StreamName, text: string) => void): void {
  NAMES.forEach((name, index) => {
    const stream = Object.assign(
      textStream((text) => deliver(name, text)),
      { fd: index + 1, _type: "pipe" },
    );
    Object.defineProperty(process, name, { value: stream, configurable: true, enumerable: true });
  });
}

function textStream(deliver: (text: string) => void): Writable {
  const decoder = new StringDecoder("utf8");
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const text = decoder.write(chunk);
      if (text !== "") deliver(text);
      done();
    },
  });
}

/** Marks the end of a cell in the output that bypasses the streams. */
export function markEnd(id: number): void {
  for (const descriptor of [1, 2]) {
    try {
      writeSync(descriptor, endMark(id));
    } catch {
      // The cell has closed the descriptor.
    }
  }
}
