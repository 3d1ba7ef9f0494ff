import { join } from "node:path";
import { dataFolder } from "../../lib/data/fetch/manifest";
import { committedResults } from "../../lib/notebook/results";
import { dryRun } from "../notebooks/replay/dry-run";
import { inFullProfile } from "../notebooks/replay/full-profile";
import { packRecords } from "./pack";
import "../../lib/notebook/use-environment";

/** Packs the finished runs of the notebooks named on the command line. */
async function main(names: string[]): Promise<void> {
  for (const name of names) {
    const { keys } = await inFullProfile(() => dryRun(name));
    const { added, missing } = packRecords(committedResults(name), join(dataFolder(), "records", name), keys);
    const left = missing > 0 ? `; ${missing} of ${new Set(keys).size} runs are not finished` : "";
    console.log(`${name}: ${added} runs added${left}`);
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
