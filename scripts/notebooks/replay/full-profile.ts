import { quietly } from "./quietly";

/** Does work with the full profile's own parameters, and without what the cells print. */
export async function inFullProfile<T>(work: () => Promise<T>): Promise<T> {
  const { WEIGHTSPACE_PROFILE: profile, WEIGHTSPACE_SET: set } = process.env;
  setEnvironment({ WEIGHTSPACE_PROFILE: "full", WEIGHTSPACE_SET: undefined });
  try {
    return await quietly(work);
  } finally {
    setEnvironment({ WEIGHTSPACE_PROFILE: profile, WEIGHTSPACE_SET: set });
  }
}

function setEnvironment(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
