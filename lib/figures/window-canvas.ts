/** What the shim needs of a jsdom canvas element. */
interface CanvasElement {
  readonly width: number;
  readonly height: number;
}

/** What the shim needs of a canvas of @napi-rs/canvas. */
interface NativeCanvas {
  width: number;
  height: number;
  getContext(kind: "2d"): unknown;
  toDataURL(type?: string): string;
}

/**
 * Gives the canvases of a jsdom window, on which Plotly draws heat maps, the pixels of @napi-rs/canvas.
 * Only "2d" contexts exist; as in a browser, a change of size clears the canvas.
 */
export function installCanvas(window: { HTMLCanvasElement: { prototype: object } }): void {
  const { createCanvas } = require("@napi-rs/canvas");
  const natives = new WeakMap<CanvasElement, NativeCanvas>();

  function nativeOf(element: CanvasElement): NativeCanvas {
    let native = natives.get(element);
    if (native?.width !== element.width || native.height !== element.height) {
      native = createCanvas(element.width, element.height) as NativeCanvas;
      natives.set(element, native);
    }
    return native;
  }

  Object.assign(window.HTMLCanvasElement.prototype, {
    getContext(this: CanvasElement, kind: string) {
      return kind === "2d" ? nativeOf(this).getContext(kind) : null;
    },
    toDataURL(this: CanvasElement, type?: string) {
      return nativeOf(this).toDataURL(type);
    },
  });
}
