/** Counts by name. */
export class Tally<Name extends string> {
  private readonly counts: Map<Name, number>;

  constructor(names: readonly Name[]) {
    this.counts = new Map(names.map((name) => [name, 0]));
  }

  add(name: Name): void {
    this.counts.set(name, this.of(name) + 1);
  }

  of(name: Name): number {
    return this.counts.get(name) ?? 0;
  }

  get total(): number {
    return this.entries().reduce((sum, [, count]) => sum + count, 0);
  }

  /** In the order of the names. */
  entries(): [Name, number][] {
    return [...this.counts];
  }

  /** Such as "3: training 2, waiting 1". */
  toString(): string {
    const parts = this.entries().filter(([, count]) => count > 0);
    return `${this.total}: ${parts.map(([name, count]) => `${name} ${count}`).join(", ")}`;
  }
}
