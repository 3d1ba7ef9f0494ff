// The browsers' MathML knows no attribute for ℝ, 𝒟 or 𝐱: they are letters of their own in Unicode, most of them in the
// block of the Mathematical Alphanumeric Symbols, and some, which had been there before, among the Letterlike Symbols.

/**
 * How many letters an alphabet has that begins with a Latin A, a Greek Α or a 0; the Greek ones have ∇, ∂ and second
 * forms of some letters.
 *
 * @type {Record<string, number>}
 */
const LENGTH = { A: 52, Α: 58, 0: 10 };

/**
 * The letters and digits of each variant that begin an alphabet: A, Α and 0.
 *
 * @type {Record<string, string>}
 */
const FIRST = {
  bold: "𝐀𝚨𝟎",
  "bold-italic": "𝑨𝜜",
  script: "𝒜",
  fraktur: "𝔄",
  "double-struck": "𝔸𝟘",
  "sans-serif": "𝖠𝟢",
  "bold-sans-serif": "𝗔𝝖𝟬",
  "sans-serif-italic": "𝘈",
  "sans-serif-bold-italic": "𝘼𝞐",
  monospace: "𝙰𝟶",
};

/** @type {Record<string, string>} */
const LETTERLIKE = {
  script: "ℬℰℱℋℐℒℳℛℯℊℴ",
  fraktur: "ℭℌℑℜℨ",
  "double-struck": "ℂℍℕℙℚℝℤ",
};

/**
 * A text in the letters of a variant; letters that the variant lacks stay as they are.
 *
 * @param {string} text Latin or Greek letters, or digits.
 * @param {string} variant A value of MathML 3's attribute `mathvariant`, such as "double-struck".
 */
export function inVariant(text, variant) {
  const letters = lettersOf(variant);
  return Array.from(text, (letter) => letters.get(letter) ?? letter).join("");
}

/**
 * The letters of a variant by the plain ones, which are their compatibility forms. Of two forms of a Greek letter the
 * first counts.
 *
 * @param {string} variant
 * @returns {Map<string, string>}
 */
function lettersOf(variant) {
  const alphabets = Array.from(FIRST[variant] ?? "", (first) =>
    Array.from({ length: LENGTH[plain(first)] ?? 0 }, (_, i) =>
      String.fromCodePoint(Number(first.codePointAt(0)) + i),
    ),
  );
  const letters = [...(LETTERLIKE[variant] ?? ""), ...alphabets.flat()];
  return new Map(letters.reverse().map((letter) => [plain(letter), letter]));
}

/** @param {string} letter */
const plain = (letter) => letter.normalize("NFKC");
