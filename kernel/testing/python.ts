import { join } from "node:path";
import { projectFolder } from "../../lib/notebook/project";

/** The Python of the project's own environment, which the set-up creates. */
export const python = join(
  projectFolder,
  ".venv",
  ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
);
