import assert from "node:assert/strict";
import { test } from "node:test";
import { printable } from "./printable";

test("replaces exactly the characters that an XML parser rejects", () => {
  const { DOMParser } = new (require("jsdom").JSDOM)("").window;
  const isAllowed = (character: string) => {
    const document = new DOMParser().parseFromString(`<a>${character}</a>`, "application/xml");
    return document.querySelector("parsererror") === null;
  };
  const codes = [
    ...Array.from({ length: 0xa1 }, (_, code) => code),
    ...[
      0x2028, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1f600,
      0x10ffff,
    ],
  ];
  for (const code of codes) {
    const character = String.fromCodePoint(code);
    if (character === "<" || character === "&") continue;
    const expected = isAllowed(character) ? character : "\uFFFD";
    assert.equal(printable(`a${character}b`), `a${expected}b`, code.toString(16));
  }
});

test("replaces lone surrogates but not pairs", () => {
  assert.equal(printable("\u{1f600}\ud83d\u{1f600}\ude00"), "\u{1f600}\uFFFD\u{1f600}\uFFFD");
});
