import { pathBox } from "./path-box";

/** The start of one of Plotly's shapes: its group, and the path in it. */
const SHAPE = /(<g class="shape-group"[^>]*?)(?: clip-path="[^"]*")?(><path[^>]*? d=")([^"]*)"/g;

/**
 * An SVG document of Plotly's without the paths of shapes that lie outside the picture, such as a reference line beyond
 * the range of its axis: resvg ends the process at a clipped group of which nothing is in the picture.
 */
export function withoutHiddenShapes(svg: string, width: number, height: number): string {
  return svg.replace(SHAPE, (start, group, path, d) => {
    const box = pathBox(d);
    const isSeen = box && box.left <= width && box.right >= 0 && box.top <= height && box.bottom >= 0;
    return isSeen ? start : `${group}${path}"`;
  });
}
