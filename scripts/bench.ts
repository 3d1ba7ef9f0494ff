import { benchKernel } from "./bench/kernel";
import { report } from "./bench/report";

/** `npm run bench`: measures this project beside what it replaces, in one run. */
async function main(): Promise<void> {
  console.log(report(await benchKernel()));
}

void main();
