/** The part of a jsdom SVG element from which its geometry is computed. */
export interface SvgElement {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string;
  readonly childNodes: ArrayLike<SvgElement>;
  readonly parentNode: SvgElement | null;
  readonly style?: { getPropertyValue(name: string): string };
  getAttribute(name: string): string | null;
}
