/**
 * Runs a command of this project: its exit code is what `work` returns, or 1 if it throws. A plain Error is a
 * message to the user; of any other (a fault in the code) the place is shown too.
 */
export async function main(work) {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    console.error(`\n${error.constructor === Error ? error.message : error.stack}`);
    process.exitCode = 1;
  }
}
