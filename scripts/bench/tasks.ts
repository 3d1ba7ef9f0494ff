import { linearAlgebraTasks } from "./linear-algebra";
import type { Task } from "./task";
import { trainingTasks } from "./training";

export const tasks: Task[] = [...trainingTasks, ...linearAlgebraTasks];
