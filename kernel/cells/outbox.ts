import { writeSync } from "node:fs";
import { encodeFrame } from "../link/frames";
import type { FromCells } from "../link/messages";

/** The pipe to the kernel's process; `../protocol/cell-process` opens it. */
const descriptor = 3;
const waiting: Buffer[] = [];
let writing = false;

/** Whether a message is being written, so that this thread must not be stopped: half a message would be the last. */
export const isSending = () => writing;

/**
 * Sends a message to the kernel's process before it returns, so that output also leaves during a synchronous loop. Where
 * the pipe is full it waits: nothing is lost, and a flood takes no memory.
 */
export function send(message: FromCells): void {
  waiting.push(encodeFrame(message));
  // An interrupt may call this within itself; then the outer call goes on with what the inner one has added.
  if (writing) return;
  writing = true;
  for (let frame = waiting.shift(); frame; frame = waiting.shift()) writeWhole(frame);
  writing = false;
}

function writeWhole(frame: Buffer): void {
  let start = 0;
  while (start < frame.length) {
    try {
      start += writeSync(descriptor, frame, start);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Without the kernel's process nobody reads: the receiver ends this process.
      if (code === "EPIPE") return;
      if (code !== "EAGAIN" && code !== "EINTR") throw error;
    }
  }
}
