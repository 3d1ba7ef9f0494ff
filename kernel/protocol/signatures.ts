/** The same number as in ipykernel. */
const REMEMBERED = 65_536;

/** The signatures of the messages received so far, which detect messages that are sent again. */
export class Signatures {
  private readonly seen = new Set<string>();

  /** @param size The number of signatures that are remembered; beyond it, the oldest is forgotten. */
  constructor(private readonly size = REMEMBERED) {}

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
