/** A piece of standard output or standard error, and the request whose execution wrote it. */
export interface Segment<Owner> {
  name: "stdout" | "stderr";
  owner: Owner;
  text: string;
}

const INTERVAL = 50;
/** Beyond this many switches between the streams within one interval, only the order within each stream is kept. */
const MOST_SEGMENTS = 256;

/** Forwards the output of cells: at once after a pause, otherwise in one message every 50 ms. */
export class Streams<Owner> {
  private segments: Segment<Owner>[] = [];
  private lastSend = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly deliver: (segment: Segment<Owner>) => void) {}

  write(name: Segment<Owner>["name"], owner: Owner, text: string): void {
    if (text === "") return;
    const last = this.segments.at(-1);
    if (last?.name === name && last.owner === owner) last.text += text;
    else this.segments.push({ name, owner, text });
    const pause = INTERVAL - (performance.now() - this.lastSend);
    if (pause <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), pause);
  }

  /** Forwards the remaining output. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastSend = performance.now();
    const segments = this.segments;
    this.segments = [];
    for (const segment of segments.length > MOST_SEGMENTS ? merge(segments) : segments) this.deliver(segment);
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
