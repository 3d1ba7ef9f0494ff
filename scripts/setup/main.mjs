import { asksForHelp, UsageError } from "./command-line.mjs";
import { adoptProjectEnvironment } from "./environment.mjs";

/**
 * Runs a command of this project. Its exit code is what `work` returns; 2 for a command line that cannot be
 * understood; 1 for any other error. A plain Error is a message to the user; of any other (a fault in the code) the
 * stack is shown too.
 *
 * @template T
 * @param {object} command
 * @param {string} command.name How it is called, such as `npm start`.
 * @param {() => string} command.usage The text of `--help`.
 * @param {(args: string[]) => T} command.parse Reads the arguments.
 * @param {(request: T) => Promise<number | undefined>} work Does what they ask for.
 */
export async function main({ name, usage, parse }, work) {
  endWhenOutputIsClosed();
  adoptProjectEnvironment();
  const args = process.argv.slice(2);
  try {
    if (asksForHelp(args)) console.log(`Usage: ${usage()}`);
    else process.exitCode = (await work(parse(args))) ?? 0;
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message} "${name} -- --help" shows the usage.`);
    else {
      const fault = /** @type {Error} */ (error);
      console.error(`\n${fault.constructor === Error ? fault.message : fault.stack}`);
    }
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/** Where nobody reads the output any more (`npm start | head`), the command ends as by SIGTERM, children first. */
function endWhenOutputIsClosed() {
  let isClosed = false;
  for (const output of [process.stdout, process.stderr]) {
    output.on("error", (error) => {
      if (error.code !== "EPIPE") throw error;
      if (!isClosed) process.kill(process.pid, "SIGTERM");
      isClosed = true;
    });
  }
}
