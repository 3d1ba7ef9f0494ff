/** The part of a jsdom canvas element that the shim uses. */
interface CanvasElement {
  readonly width: number;
  readonly height: number;
}

/** The part of a canvas of @napi-rs/canvas that the shim uses. */
interface NativeCanvas {
  width: number;
  height: number;
  getContext(kind: "2d"): unknown;
  toDataURL(type?: string): string;
}

/**
 * Backs the canvases of a jsdom window, on which Plotly draws heat maps, by @napi-rs/canvas. Only "2d" contexts are
 * supported; as in a browser, resizing clears the canvas.
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
