import assert from "node:assert/strict";
import { test } from "node:test";
import { environment } from "../../lib/notebook/environment";
import { projectFolder } from "../../lib/notebook/project";
import { STAGES } from "./execution";
import { PHASES } from "./phase";
import { reportPage, type SoakReport } from "./report";
import { Tally } from "./tally";

function report(faults: string[]): SoakReport {
  const kills = new Tally(PHASES);
  for (let kill = 0; kill < 3; kill++) kills.add("training");
  return {
    ...{ date: new Date(0), minutes: 30.4, seed: 1, asked: { minutes: 30, kills: 50 } },
    environment: environment(),
    records: {
      ...{ rounds: 2, runs: 10, kills, cuts: 1, stops: 2, terms: 1, takenOver: 4, resumed: 3 },
      ...{ abandoned: 2, left: 0, faults },
    },
    rendering: {
      ...{ rounds: 1, runs: 5, kills: new Tally(STAGES), undisturbed: 30 },
      ...{ survival: { group: 1, tree: 0 }, faults: [] },
    },
  };
}

test("the report says how to repeat the soak and what came of it, in at most 300 words", () => {
  const page = reportPage(report([]));
  assert.match(page, /`npm run soak -- --minutes 30 --kills 50 --seed 1`/);
  assert.match(page, /\*\*3 kills, 15 runs compared, no differences\.\*\*/);
  assert.match(page, /^\| training \| 3 \|$/m);
  const words = page.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  assert.ok(words.length <= 300, `it has ${words.length}`);
  assert.ok(!page.includes(projectFolder));
});

test("each fault is listed", () => {
  const page = reportPage(report(["round 1: it differs"]));
  assert.match(page, /\*\*3 kills, 15 runs compared, faults: 1\.\*\*[\s\S]*\n- round 1: it differs\n$/);
});
