/** A least-recently-used cache: adding to a full one drops the entry that was least recently added or looked up. */
export class RecentlyUsed<Value> {
  /** In the order of their last use, which is the insertion order of a Map. */
  private readonly entries = new Map<string, Value>();

  /**
   * @param limit The largest number of entries.
   * @param dropped Called with each value that is removed.
   */
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

  /** The values from the least to the most recently used. */
  values(): Value[] {
    return [...this.entries.values()];
  }

  /** Removes all entries. */
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
