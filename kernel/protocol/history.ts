import type { Content } from "./wire";

interface Entry {
  line: number;
  input: string;
  output: string | undefined;
}

/** The inputs executed since the kernel started; earlier sessions are not kept. */
export class History {
  private readonly entries: Entry[] = [];

  add(line: number, input: string, output?: string): void {
    this.entries.push({ line, input, output });
  }

  /** Answers a `history_request`: `tail` (the last n), `range` (from start, before stop) or `search` (with * and ?). */
  find(request: Content): unknown[] {
    const { hist_access_type, output, n } = request;
    let found: Entry[];
    if (hist_access_type === "range") found = this.range(request);
    else if (hist_access_type === "search") found = this.search(request);
    else found = this.entries;
    const last = hist_access_type !== "range" && typeof n === "number" ? found.slice(-n) : found;
    return last.map(({ line, input, output: result }) => [0, line, output ? [input, result ?? null] : input]);
  }

  private range({ session = 0, start = 0, stop }: Content): Entry[] {
    if (session !== 0) return [];
    return this.entries.filter(({ line }) => line >= start && line < (stop ?? Number.POSITIVE_INFINITY));
  }

  private search({ pattern = "*", unique = false }: Content): Entry[] {
    const escaped = String(pattern).replace(/[.+^${}()|[\]\\]/g, "\\$&");
    const expression = new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
    const found = this.entries.filter(({ input }) => expression.test(input));
    return unique ? [...new Map(found.map((entry) => [entry.input, entry])).values()] : found;
  }
}
