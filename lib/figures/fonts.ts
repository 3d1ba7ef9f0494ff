import { dirname, join } from "node:path";

/** The family of every text: Verdana, which has DejaVu's proportions, stands in where a browser lacks it. */
export const FONT_FAMILY = "DejaVu Sans, Verdana, sans-serif";

/** The font files of the static picture, by the name each has in CSS terms. */
export function fontFiles(): { regular: string; bold: string; italic: string; boldItalic: string } {
  const folder = join(dirname(require.resolve("dejavu-fonts-ttf/package.json")), "ttf");
  return {
    regular: join(folder, "DejaVuSans.ttf"),
    bold: join(folder, "DejaVuSans-Bold.ttf"),
    italic: join(folder, "DejaVuSans-Oblique.ttf"),
    boldItalic: join(folder, "DejaVuSans-BoldOblique.ttf"),
  };
}
