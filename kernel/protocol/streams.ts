/** A stretch of standard output or standard error, and the request whose execution wrote it. */
export interface Segment<Owner> {
  name: "stdout" | "stderr";
  owner: Owner;
  text: string;
}

const interval = 50;
/** So many writes an interval go out at once, so that the last line before a long computation is seen. */
const burst = 16;
/** Past this many changes between streams in one message's interval, each stream keeps its own order only. */
const mostSegments = 256;

/**
 * Passes on what cells write: the first writes of every 50 ms at once, the others gathered into few messages. Works
 * without the event loop, so that a synchronous loop shows its progress too.
 */
export class Streams<Owner> {
  private segments: Segment<Owner>[] = [];
  private lastSend = Number.NEGATIVE_INFINITY;
  private writes = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly flushSoon = setTimeout.bind(globalThis, () => this.flush(), interval);

  constructor(private readonly deliver: (segment: Segment<Owner>) => void) {}

  write(name: Segment<Owner>["name"], owner: Owner, text: string): void {
    if (text === "") return;
    const last = this.segments.at(-1);
    if (last?.name === name && last.owner === owner) last.text += text;
    else this.segments.push({ name, owner, text });
    if (performance.now() - this.lastSend >= interval) this.flush();
    else if (++this.writes < burst) this.send();
    else this.timer ??= this.flushSoon();
  }

  /** Passes on what is left; the next writes go out at once again. */
  flush(): void {
    this.writes = 0;
    this.send();
  }

  private send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastSend = performance.now();
    const segments = this.segments;
    this.segments = [];
    for (const segment of segments.length > mostSegments ? merge(segments) : segments) this.deliver(segment);
  }
}

function merge<Owner>(segments: Segment<Owner>[]): Segment<Owner>[] {
  const merged: { segment: Segment<Owner>; texts: string[] }[] = [];
  for (const segment of segments) {
    const same = merged.find(
      ({ segment: { name, owner } }) => name === segment.name && owner === segment.owner,
    );
    if (same) same.texts.push(segment.text);
    else merged.push({ segment, texts: [segment.text] });
  }
  return merged.map(({ segment, texts }) => ({ ...segment, text: texts.join("") }));
}
