import { ensureDataset } from "../lib/data/fetch/dataset";
import { manifest } from "../lib/data/fetch/manifest";
import "../lib/notebook/use-environment";

/** Fetches the data sets named on the command line, or all, unless they are there and right. */
async function main(names: string[]): Promise<void> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new Error("interrupted; the next run goes on from here")));
  for (const name of names.length > 0 ? names : Object.keys(manifest())) {
    console.log(`${name}: ${await ensureDataset(name, { signal: stop.signal })}`);
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
