const BAR_WIDTH = 30;
const REDRAW_MS = 100;

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** Tells the user what a fetch of data does. */
export interface TransferReport {
  /** A line of its own. */
  line(text: string): void;
  /** How far a transfer is, in bytes; `total` is NaN where the server does not say. */
  progress(label: string, received: number, total: number): void;
}

/** On a terminal a bar, redrawn in place; elsewhere a line at each quarter, printed with console.log. */
export function consoleReport(stream: NodeJS.WriteStream = process.stdout): TransferReport {
  return stream.isTTY ? terminalReport(stream) : lineReport(console.log);
}

function terminalReport(stream: NodeJS.WriteStream): TransferReport {
  let drawn = 0;
  const clear = () => stream.write("\r\x1b[K");
  return {
    line(text) {
      clear();
      stream.write(`${text}\n`);
    },
    progress(label, received, total) {
      const now = Date.now();
      if (now - drawn < REDRAW_MS && received !== total) return;
      drawn = now;
      const filled = Math.round((received / total) * BAR_WIDTH) || 0;
      clear();
      stream.write(
        `${label} [${"#".repeat(filled)}${".".repeat(BAR_WIDTH - filled)}] ` +
          `${megabytes(received)}${Number.isNaN(total) ? "" : ` of ${megabytes(total)}`} MB`,
      );
      if (received === total) stream.write("\n");
    },
  };
}

/** A report for logs and notebooks. */
export function lineReport(print: (text: string) => void): TransferReport {
  let last = "";
  return {
    line: print,
    progress(label, received, total) {
      const quarter = Math.floor((4 * received) / total);
      const step = `${label} ${quarter}`;
      if (!(quarter > 0) || step === last) return;
      last = step;
      print(`${label}: ${25 * quarter} % of ${megabytes(total)} MB`);
    },
  };
}
