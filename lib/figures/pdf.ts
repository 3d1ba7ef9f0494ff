import { fontFiles } from "./fonts";

/** PDF points per CSS pixel. */
const POINTS = 72 / 96;

/** Pixels of an enlarged image per CSS pixel. */
const IMAGE_RESOLUTION = 3;

/** Converts an SVG document to a one-page PDF that keeps vectors and text and embeds the bundled font. */
export async function svgToPdf(svg: string, width: number, height: number): Promise<Buffer> {
  const PDFDocument = require("pdfkit");
  const svgToPdfkit = require("svg-to-pdfkit");
  const document = new PDFDocument({
    size: [width * POINTS, height * POINTS],
    margin: 0,
    // A fixed date makes the file reproducible.
    info: { CreationDate: new Date(0) },
  });
  const chunks: Buffer[] = [];
  const finished = new Promise<Buffer>((resolve, reject) => {
    document.on("data", (chunk: Buffer) => chunks.push(chunk));
    document.on("end", () => resolve(Buffer.concat(chunks)));
    document.on("error", reject);
  });
  const fonts = fontFiles();
  for (const [name, file] of Object.entries(fonts)) document.registerFont(name, file);
  svgToPdfkit(document, await enlargeImages(svg), 0, 0, {
    fontCallback: (_family: string, bold: boolean, italic: boolean): keyof typeof fonts =>
      bold ? (italic ? "boldItalic" : "bold") : italic ? "italic" : "regular",
  });
  document.end();
  return finished;
}

/**
 * Enlarges the images, which have one pixel per cell of a heat map, because PDF viewers would smooth them and the
 * format cannot forbid it.
 */
async function enlargeImages(svg: string): Promise<string> {
  const parts = svg.split(/(<image\b[^>]*>)/);
  const enlarged = parts.map((part) => (part.startsWith("<image") ? enlargeImage(part) : part));
  return (await Promise.all(enlarged)).join("");
}

async function enlargeImage(tag: string): Promise<string> {
  const { createCanvas, loadImage } = require("@napi-rs/canvas");
  const source = attribute(tag, "xlink:href");
  const image = await loadImage(Buffer.from(source.slice(source.indexOf(",") + 1), "base64"));
  const factor = (shown: string, cells: number) =>
    Math.max(1, Math.ceil((Number(shown) * IMAGE_RESOLUTION) / cells));
  const width = image.width * factor(attribute(tag, "width"), image.width);
  const height = image.height * factor(attribute(tag, "height"), image.height);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(image, 0, 0, width, height);
  return tag.replace(source, canvas.toDataURL("image/png"));
}

function attribute(tag: string, name: string): string {
  return new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
}
