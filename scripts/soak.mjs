import { join } from "node:path";
import { run } from "./setup/command.mjs";
import { parseCommandLine, UsageError } from "./setup/command-line.mjs";
import { main } from "./setup/main.mjs";
import { setup } from "./setup/setup.mjs";

const usage = () => `npm run soak -- [--minutes 30] [--kills 50] [--seed 1]

Sets everything up, then kills processes that share runs, and notebooks that are being executed, at random moments,
and compares what comes of them with undisturbed runs. The exit code is 1 where anything differs.

  --minutes N        how long it goes on; from 30 on its report replaces docs/soak.md
  --kills N          the fewest kills of processes that share runs, for which it goes on longer
  --seed N           of the random choices
  --help             shows this`;

/** @param {string[]} args */
function parse(args) {
  const { values } = parseCommandLine(args, {
    options: {
      minutes: { type: "string", default: "30" },
      kills: { type: "string", default: "50" },
      seed: { type: "string", default: "1" },
    },
  });
  for (const [name, text] of Object.entries(values)) {
    const isCount = Number.isInteger(Number(text)) && Number(text) >= 0 && text !== "";
    if (!isCount) throw new UsageError(`--${name} is "${text}", expected an integer from 0 on.`);
  }
  return [values.minutes, values.kills, values.seed];
}

/** `npm run soak`: kills what shares runs, for half an hour, and compares the results with undisturbed ones. */
main({ name: "npm run soak", usage, parse }, async (words) => {
  await setup();
  const use = join("lib", "notebook", "use-environment.ts");
  return run(process.execPath, [
    ...["--import", "tsx", "--import", `./${use}`],
    ...[join("scripts", "soak", "main.ts"), ...words],
  ]);
});
