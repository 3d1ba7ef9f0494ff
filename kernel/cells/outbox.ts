import { writeSync } from "node:fs";
import { encodeFrame } from "../link/frames";
import type { FromCells } from "../link/messages";

/** The pipe to the kernel's process; `../protocol/cell-process` opens it. */
const DESCRIPTOR = 3;
const waiting: Buffer[] = [];
let writing = false;

/**
 * Whether a message is being written. This thread must not be terminated then, or half a message would be the last
 * one.
 */
export const isSending = () => writing;

/**
 * Sends a message to the kernel's process before it returns, so that output also arrives during a synchronous loop.
 * It blocks while the pipe is full: nothing is lost, and a flood is not buffered in memory.
 */
export function send(message: FromCells): void {
  waiting.push(encodeFrame(message));
  // An interrupt may call this function re-entrantly; the outer call then goes on to write what the inner call has
  // queued.
  if (writing) return;
  writing = true;
  for (let frame = waiting.shift(); frame; frame = waiting.shift()) writeWhole(frame);
  writing = false;
}

function writeWhole(frame: Buffer): void {
  let start = 0;
  while (start < frame.length) {
    try {
      start += writeSync(DESCRIPTOR, frame, start);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Without the kernel's process there is no reader; the receiver ends this process.
      if (code === "EPIPE") return;
      if (code !== "EAGAIN" && code !== "EINTR") throw error;
    }
  }
}
