/** Counts the facts that a test has found to hold, and says each. */
export class Checks {
  count = 0;

  /**
   * @param {string} fact
   * @param {() => void} hold Throws where it does not hold.
   */
  add(fact, hold) {
    hold();
    this.count++;
    console.log(`✔ ${fact}`);
  }
}
