import { spawnSync } from "node:child_process";
import type { Content } from "../protocol/wire";
import { python } from "./python";

const program = `
import json, sys
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
complaints = []
for output in json.load(sys.stdin):
    try:
        nbformat.validate(nbformat.from_dict(new_notebook(cells=[new_code_cell(outputs=[nbformat.from_dict(output)])])))
        complaints.append(None)
    except nbformat.ValidationError as error:
        complaints.append(str(error).split("\\n")[0])
print(json.dumps(complaints))
`;

/** Returns the errors of nbformat's own validation for each of these outputs of a cell; null for a valid one. */
export function complaintsOfNbformat(outputs: Content[]): (string | null)[] {
  const { stdout, stderr } = spawnSync(python, ["-c", program], { input: JSON.stringify(outputs) });
  if (stdout.length === 0) throw new Error(stderr.toString());
  return JSON.parse(stdout.toString());
}
