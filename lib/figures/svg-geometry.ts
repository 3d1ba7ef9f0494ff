import { type Affine, type Box, compose, IDENTITY, parseTransform, transformBox, unionOf } from "./affine";
import { pathBox } from "./path-box";
import type { SvgElement } from "./svg-element";
import { textBox, textLength } from "./svg-text";

/** Elements whose content is not drawn in place. */
const UNDRAWN = new Set(["defs", "clipPath", "linearGradient", "pattern", "title", "style"]);

/**
 * Adds to a jsdom window, which has no layout, the three SVG measurements that Plotly uses: `getBBox`,
 * `getBoundingClientRect` and `getComputedTextLength`.
 *
 * Text is measured in the bundled font, rectangles, images and paths by their attributes, and groups as the union of
 * their children. Departures from a browser: other shapes, which Plotly does not use, have no extent; boxes are
 * relative to the outermost svg element, which is assumed to be at the page's origin.
 */
export function installGeometry(window: { SVGElement: { prototype: object } }): void {
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: SvgElement) {
      return rectangle(ownBox(this));
    },
    getBoundingClientRect(this: SvgElement) {
      const box = ownBox(this);
      return rectangle(box && transformBox(toRoot(this), box));
    },
    getComputedTextLength(this: SvgElement) {
      return textLength(this);
    },
  });
}

function rectangle({ left, top, right, bottom }: Box = { left: 0, top: 0, right: 0, bottom: 0 }) {
  return { x: left, y: top, width: right - left, height: bottom - top, left, top, right, bottom };
}

/** The bounding box of an element before its own transform; undefined if it draws nothing. */
function ownBox(element: SvgElement): Box | undefined {
  if (element.style?.getPropertyValue("display") === "none") return undefined;
  if (element.nodeName === "text") return textBox(element);
  if (element.nodeName === "path") return pathBox(element.getAttribute("d") ?? "");
  if (element.nodeName === "rect" || element.nodeName === "image") return attributeBox(element);
  if (element.nodeName === "svg" && element.getAttribute("width")) return attributeBox(element);
  const children = Array.from(element.childNodes).filter(isDrawn);
  return unionOf(children.flatMap((child) => boxInParent(child) ?? []));
}

function isDrawn({ nodeType, nodeName }: SvgElement): boolean {
  return nodeType === 1 && !UNDRAWN.has(nodeName);
}

function boxInParent(element: SvgElement): Box | undefined {
  const box = ownBox(element);
  return box && transformBox(ownTransform(element), box);
}

function attributeBox(element: SvgElement): Box {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
    Number(element.getAttribute(name) ?? 0),
  ) as [number, number, number, number];
  return { left: x, top: y, right: x + width, bottom: y + height };
}

function ownTransform(element: SvgElement): Affine {
  return parseTransform(element.getAttribute("transform"));
}

/** The map from an element's coordinates to those of the outermost svg element. */
function toRoot(element: SvgElement): Affine {
  let map: Affine = IDENTITY;
  for (let at: SvgElement | null = element; at?.nodeType === 1; at = at.parentNode) {
    map = compose(ownTransform(at), map);
  }
  return map;
}
