import { pathBox } from "./path-box";

/** Matches the start of a Plotly shape: its group and the path inside. */
const SHAPE = /(<g class="shape-group"[^>]*?)(?: clip-path="[^"]*")?(><path[^>]*? d=")([^"]*)"/g;

/**
 * Removes the paths of shapes outside the picture, such as a reference line beyond its axis's range, from Plotly's SVG
 * document: resvg panics, which ends the process, at a clipped group that lies entirely outside the picture.
 */
export function withoutHiddenShapes(svg: string, width: number, height: number): string {
  return svg.replace(SHAPE, (start, group, path, d) => {
    const box = pathBox(d);
    const isSeen = box && box.left <= width && box.right >= 0 && box.top <= height && box.bottom >= 0;
    return isSeen ? start : `${group}${path}"`;
  });
}
