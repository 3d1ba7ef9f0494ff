/** As many as ipykernel remembers. */
const remembered = 65_536;

/** The signatures of the messages received so far, by which a message that is sent again is known. */
export class Signatures {
  private readonly seen = new Set<string>();

  /** @param size How many it remembers; past that it forgets the oldest. */
  constructor(private readonly size = remembered) {}

  /**
   * Remembers a signature.
   *
   * @returns Whether it is new.
   */
  add(signature: string): boolean {
    if (this.seen.has(signature)) return false;
    this.seen.add(signature);
    if (this.seen.size > this.size) this.seen.delete(this.seen.values().next().value!);
    return true;
  }
}
