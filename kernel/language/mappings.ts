/**
 * One entry of a source map, with all numbers counted from 0: a position in generated code and the position from
 * which it comes.
 */
export interface Mapping {
  line: number;
  column: number;
  originalLine: number;
  originalColumn: number;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Parses the `mappings` of a source map with one source: https://tc39.es/ecma426/#sec-mappings-grammar */
export function decodeMappings(text: string): Mapping[] {
  const mappings: Mapping[] = [];
  let [originalLine, originalColumn] = [0, 0];
  text.split(";").forEach((group, line) => {
    let column = 0;
    for (const segment of group.split(",")) {
      const [columnStep, , lineStep, originalStep] = decodeNumbers(segment);
      column += columnStep ?? 0;
      if (lineStep === undefined || originalStep === undefined) continue;
      originalLine += lineStep;
      originalColumn += originalStep;
      mappings.push({ line, column, originalLine, originalColumn });
    }
  });
  return mappings;
}

/** The inverse of `decodeMappings`; the mappings must be sorted by their position in the generated code. */
export function encodeMappings(mappings: Mapping[]): string {
  let text = "";
  let last: Mapping = { line: 0, column: 0, originalLine: 0, originalColumn: 0 };
  let separator = "";
  for (const mapping of mappings) {
    if (mapping.line > last.line) {
      text += ";".repeat(mapping.line - last.line);
      last = { ...last, column: 0 };
      separator = "";
    }
    text += separator;
    text += encodeNumber(mapping.column - last.column) + encodeNumber(0);
    text += encodeNumber(mapping.originalLine - last.originalLine);
    text += encodeNumber(mapping.originalColumn - last.originalColumn);
    separator = ",";
    last = { ...mapping };
  }
  return text;
}

/**
 * Base64 digits of five bits and a continuation bit, least significant first; the lowest bit of a number is its sign.
 */
function decodeNumbers(segment: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}

function encodeNumber(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let text = "";
  do {
    const bits = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? bits | 32 : bits];
  } while (rest > 0);
  return text;
}
