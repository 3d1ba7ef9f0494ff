const SECOND = 1000;
const LOG_EVERY = 10 * SECOND;

/**
 * One line that says what is being done and for how long: rewritten in place on a terminal; in a log, written
 * at the start, every ten seconds and at the end.
 */
export class Progress {
  #title;
  #text = () => "";
  #started = Date.now();
  #written = 0;
  #terminal = Boolean(process.stdout.isTTY);
  #timer = setInterval(() => this.#write(), SECOND);

  /** @param {string} title What is being made. */
  constructor(title) {
    this.#title = title;
    this.#write();
  }

  get seconds() {
    return (Date.now() - this.#started) / SECOND;
  }

  /** @param {string | (() => string)} text What is being done right now; a function is asked whenever it is written. */
  show(text) {
    this.#text = typeof text === "string" ? () => text : text;
    if (this.#terminal) this.#write();
  }

  /**
   * Ends the line for good.
   *
   * @param {string} text How it ended.
   */
  end(text) {
    clearInterval(this.#timer);
    const line = `${this.#title}  ${text} (${this.seconds.toFixed(1)} s)`;
    console.log(this.#terminal ? `\r\x1b[2K${line}` : line);
  }

  #write() {
    if (this.#terminal)
      process.stdout.write(`\r\x1b[2K${this.#line().slice(0, (process.stdout.columns || 80) - 1)}`);
    else if (Date.now() - this.#written >= LOG_EVERY) {
      console.log(this.#line());
      this.#written = Date.now();
    }
  }

  #line() {
    return `${this.#title}  ${this.seconds.toFixed(0)} s  ${this.#text()}`.trimEnd();
  }
}
