import { parseCommandLine } from "./setup/command-line.mjs";
import { DEVICE_USAGE, deviceOf, deviceOptions } from "./setup/device.mjs";
import { main } from "./setup/main.mjs";
import { setup } from "./setup/setup.mjs";

const usage = () => `npm run setup -- [--gpu|--cpu]

Makes all that the other commands need, inside the project's folder; what is there already is left alone.

${DEVICE_USAGE}
  --help             shows this`;

/** @param {string[]} args */
const parse = (args) => ({ device: deviceOf(parseCommandLine(args, { options: deviceOptions }).values) });

/** `npm run setup`: makes all that the other commands need. */
main({ name: "npm run setup", usage, parse }, async (request) => {
  await setup(request);
  return 0;
});
