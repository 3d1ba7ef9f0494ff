import { dirname, join } from "node:path";

/** The font family of all text; Verdana has DejaVu's proportions and replaces it in browsers that lack it. */
export const FONT_FAMILY = "DejaVu Sans, Verdana, sans-serif";

/** The paths of the bundled font files by style. */
export function fontFiles(): { regular: string; bold: string; italic: string; boldItalic: string } {
  const folder = join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf");
  return {
    regular: join(folder, "DejaVuSans.ttf"),
    bold: join(folder, "DejaVuSans-Bold.ttf"),
    italic: join(folder, "DejaVuSans-Oblique.ttf"),
    boldItalic: join(folder, "DejaVuSans-BoldOblique.ttf"),
  };
}
