/**
 * Text in which U+FFFD replaces each character that XML 1.0 does not allow: control characters but tab and line ends,
 * lone halves of surrogate pairs, U+FFFE and U+FFFF. They would break pictures, HTML and the front end's UTF-8.
 */
export function printable(text: string): string {
  return text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}
