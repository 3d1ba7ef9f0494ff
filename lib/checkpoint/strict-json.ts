/** The deepest allowed nesting, which is also the limit of serde_json. */
const MAX_DEPTH = 128;
const INTEGER = /^(?:0|-?[1-9][0-9]*)$/;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/**
 * Parses JSON on whose meaning all parsers agree: keys are unique within their object, numbers are integers of
 * magnitude at most 2^53 - 1 without fraction or exponent, strings are valid Unicode, and nesting is at most 128 levels
 * deep.
 *
 * @throws Error for other text, with the reason and the key of the outermost object under which it was found.
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`is not JSON: ${(error as Error).message}`);
  }
  new Scan().check(text);
  return value;
}

/** An object that encloses the scan's position or, without keys, an array. */
interface Level {
  keys?: Set<string>;
  /** The key whose value is being scanned. */
  key?: string;
}

/** Scans valid JSON for violations that JSON.parse accepts. */
class Scan {
  private readonly levels: Level[] = [];
  private awaitsKey = false;

  check(text: string): void {
    for (const token of tokens(text)) {
      if (token === "{") this.enter({ keys: new Set() });
      else if (token === "[") this.enter({});
      else if (token === "}" || token === "]") this.levels.pop();
      else if (token === ",") this.awaitsKey = this.levels.at(-1)?.keys !== undefined;
      else if (token.startsWith('"')) this.checkString(token);
      else this.checkNumber(token);
    }
  }

  private enter(level: Level): void {
    if (this.levels.length === MAX_DEPTH) this.fail(`has values more than ${MAX_DEPTH} levels deep`);
    this.levels.push(level);
    this.awaitsKey = level.keys !== undefined;
  }

  private checkString(token: string): void {
    const string = token.includes("\\") ? (JSON.parse(token) as string) : token.slice(1, -1);
    if (LONE_SURROGATE.test(string)) this.fail(`has a string of invalid Unicode, ${abridged(token)}`);
    if (!this.awaitsKey) return;
    const level = this.levels.at(-1)!;
    if (level.keys!.has(string)) this.fail(`has the key ${abridged(token)} twice`);
    level.keys!.add(string);
    level.key = string;
    this.awaitsKey = false;
  }

  private checkNumber(token: string): void {
    if (INTEGER.test(token) && Number.isSafeInteger(Number(token))) return;
    this.fail(`has the number ${abridged(token)}, expected an integer up to 2^53 - 1`);
  }

  private fail(what: string): never {
    const key = this.levels.length > 1 ? this.levels[0]!.key : undefined;
    throw new Error(key === undefined ? what : `${what}, under ${abridged(JSON.stringify(key))}`);
  }
}

/** Yields the strings, numbers, brackets and commas of valid JSON. */
function* tokens(text: string): Generator<string> {
  const start = /["{}[\],0-9-]/g;
  const number = /[0-9.eE+-]+/y;
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const [first] = match;
    let end = match.index + 1;
    if (first === '"') end = endOfString(text, match.index);
    else if (!"{}[],".includes(first)) {
      number.lastIndex = match.index;
      number.test(text);
      end = number.lastIndex;
    }
    yield text.slice(match.index, end);
    start.lastIndex = end;
  }
}

/** The position after the closing quote of the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
}

const abridged = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
