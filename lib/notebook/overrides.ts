/** JSON's texts and signs of structure; numbers and constants lie between them. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]/gs;

/**
 * Reads the parameters in `WEIGHTSPACE_SET`: `steps=100,sizes=[1,2],name=sgd`, whose values are JSON or else texts, or
 * a JSON object.
 *
 * @throws Error with the text for anything else, such as malformed JSON or a name that is there twice
 */
export function parseOverrides(text: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  const entries = text.trim().startsWith("{") ? parseObject(text) : splitAtCommas(text).map(parsePair);
  const names = entries.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw wrong(text, `"${twice}" is there twice`);
  return Object.fromEntries(entries);
}

/** The entries of a JSON object, also those whose name is there again, of which JSON.parse keeps the last. */
function parseObject(text: string): [string, unknown][] {
  let object: Record<string, unknown>;
  try {
    object = JSON.parse(text);
  } catch (error) {
    throw wrong(text, `expected a JSON object or name=value pairs (${(error as Error).message})`);
  }
  return namesOf(text).map((name) => [name, object[name]]);
}

/** The texts at a JSON object's own level that a colon follows. */
function namesOf(json: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let last = "";
  for (const [part] of json.matchAll(TOKEN)) {
    if (part === ":" && depth === 1) names.push(JSON.parse(last));
    depth += depthOf(part);
    last = part;
  }
  return names;
}

/** Splits at the commas that lie in no list, object or text. */
function splitAtCommas(text: string): string[] {
  const starts = [0];
  let depth = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match[0] === "," && depth === 0) starts.push(match.index! + 1);
    depth += depthOf(match[0]);
  }
  if (depth !== 0) throw wrong(text, "its brackets do not match");
  return starts.map((start, i) => text.slice(start, (starts[i + 1] ?? text.length + 1) - 1));
}

function depthOf(part: string): number {
  if (part === "[" || part === "{") return 1;
  return part === "]" || part === "}" ? -1 : 0;
}

function parsePair(part: string): [string, unknown] {
  const [name = "", value] = part.split(/=(.*)/s);
  if (value === undefined) throw wrong(part, "expected name=value");
  return [name.trim(), parseValue(value.trim())];
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function wrong(text: string, problem: string): Error {
  return new Error(`WEIGHTSPACE_SET: ${problem}, got ${JSON.stringify(text)}`);
}
