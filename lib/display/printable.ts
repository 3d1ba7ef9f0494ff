/**
 * Replaces each character that XML 1.0 forbids by U+FFFD: control characters other than tab and line breaks, lone
 * surrogates, U+FFFE and U+FFFF, which would break pictures, HTML and the front end's UTF-8.
 */
export function printable(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}
