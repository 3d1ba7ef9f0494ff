/** A map of at most so many entries: one more drops the entry that was least recently set or looked up. */
export class RecentlyUsed<Value> {
  /** In the order of their last use. */
  private readonly entries = new Map<string, Value>();

  /** @param dropped Is told each value that is removed. */
  constructor(
    private readonly limit: number,
    private readonly dropped: (value: Value) => void,
  ) {}

  get(key: string): Value | undefined {
    const value = this.entries.get(key);
    if (value !== undefined) this.makeLatest(key, value);
    return value;
  }

  /** Adds a value under a key that has none. */
  add(key: string, value: Value): void {
    this.entries.set(key, value);
    if (this.entries.size <= this.limit) return;
    const [oldest] = this.entries.keys();
    this.remove(oldest!);
  }

  /** From the least to the most recently used. */
  values(): Value[] {
    return [...this.entries.values()];
  }

  /** Removes all. */
  clear(): void {
    for (const key of [...this.entries.keys()]) this.remove(key);
  }

  private makeLatest(key: string, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, value);
  }

  private remove(key: string): void {
    const value = this.entries.get(key)!;
    this.entries.delete(key);
    this.dropped(value);
  }
}
