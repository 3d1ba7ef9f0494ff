import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runFiles } from "../../lib/experiment/record";
import { temporaryName } from "../../lib/files/write-atomically";
import { PhaseFile, phaseOfChange, readPhase } from "./phase";

const folder = mkdtempSync(join(tmpdir(), "phase-"));
after(() => rmSync(folder, { recursive: true }));

test("a process's phase is read from its file, a shorter one after a longer one too", () => {
  const path = join(folder, "phase");
  assert.equal(readPhase(path), "starting");
  const phases = new PhaseFile(path);
  for (const phase of ["keeping the model", "training"] as const) {
    phases.publish(phase);
    assert.equal(readPhase(path), phase);
  }
  phases.close();
});

test("the phase of a run follows from the file that it changes", () => {
  const { record, checkpoint, model, lock } = runFiles("records", "99-test", "key");
  const phases = (change: string, paths: string[]) => paths.map((path) => phaseOfChange(change, path));
  const all = [record, checkpoint, model, lock];
  const written = ["recording", "checkpointing", "keeping the model", "claiming"];
  assert.deepEqual(phases("openSync", all), written);
  assert.deepEqual(phases("renameSync", all.map(temporaryName)), written);
  assert.deepEqual(phases("rmSync", [checkpoint, lock]), ["recording", "releasing"]);
  assert.deepEqual(phases("rmSync", [temporaryName(lock)]), ["claiming"], "of a dead process");
  assert.equal(phaseOfChange("openSync", join("records", "current.list")), undefined);
});
