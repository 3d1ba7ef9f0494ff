/** Encodes a message for a pipe: its length in four bytes, then JSON. */
export function encodeFrame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32LE(body.length);
  body.copy(frame, 4);
  return frame;
}

/** Reassembles messages from the chunks in which they arrive. */
export class FrameReader<T> {
  private chunks: Buffer[] = [];
  private length = 0;

  constructor(private readonly deliver: (message: T) => void) {}

  read(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
    for (let frame = this.next(); frame; frame = this.next()) this.deliver(JSON.parse(frame.toString()));
  }

  private next(): Buffer | undefined {
    if (this.length < 4) return undefined;
    const size = this.peekSize();
    if (this.length < 4 + size) return undefined;
    const all = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks, this.length);
    this.chunks = [all.subarray(4 + size)];
    this.length -= 4 + size;
    return all.subarray(4, 4 + size);
  }

  private peekSize(): number {
    if (this.chunks[0]!.length < 4) this.chunks = [Buffer.concat(this.chunks, this.length)];
    return this.chunks[0]!.readUInt32LE();
  }
}
