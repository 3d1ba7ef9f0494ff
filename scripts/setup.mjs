import { parseArgs } from "node:util";
import { deviceOf, deviceOptions } from "./setup/device.mjs";
import { main } from "./setup/main.mjs";
import { setup } from "./setup/setup.mjs";

/** `npm run setup -- [--gpu|--cpu]`: makes all that the other commands need. */
main(async () => {
  const { values } = parseArgs({ options: deviceOptions });
  await setup({ device: deviceOf(values) });
});
