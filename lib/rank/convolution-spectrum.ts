import { tf } from "../backend/tf";
import { requireIntegers } from "../checks/check-range";
import { type Dense, type Scaled, scaled } from "../linalg/operand";
import { float64SingularValues } from "./singular-values";
import { Spectrum, spectrumOf } from "./spectrum";

/** The spectra of the two matrices by which the rank of a convolution can be defined. */
export interface ConvolutionSpectra {
  /** The spectrum of the kernel flattened to [O, I · h · w], `kernel.reshape(O, -1)` in PyTorch. */
  flattened: Spectrum;
  /** The spectrum of the linear map [O · H · W, I · H · W] between images, with circular padding. */
  operator: Spectrum;
}

/**
 * Computes the singular values of a convolution's flattened kernel and, exactly, of its linear operator on images of a
 * given size with circular padding and stride 1 (Sedghi, Gupta & Long 2019, The singular values of convolutional
 * layers).
 *
 * The Fourier transform splits the operator into one complex matrix [O, I] for each of the H · W frequencies; it is
 * summed by definition in float64. The matrix p + iq of a frequency and that of the opposite frequency, its conjugate,
 * together have the singular values of the real matrix [[p, −q], [q, p]]. One float64 SVD gives both, to about
 * 1e-15 · the largest; they are rounded to float32 at the end. With zero padding the singular values differ, less so
 * for larger images.
 *
 * Departures from the paper's `SingularValues(kernel, input_shape)`: the kernel is OIHW and may be larger than the
 * image, around which it wraps. A convolution, the cross-correlation `torch.nn.functional.conv2d` and any shift of the
 * padding have the same spectrum.
 *
 * @param kernel [O, I, h, w], a float32 tensor.
 * @param size The image's [H, W], integers ≥ 1.
 * @returns The spectra in float32: min(O, I · h · w) and min(O, I) · H · W singular values.
 * @throws TypeError unless the kernel is a float32 tensor of four dimensions; RangeError if it is empty or not finite,
 *   or the size is not two integers ≥ 1.
 */
export function convolutionSpectrum(kernel: tf.Tensor, size: [number, number]): ConvolutionSpectra {
  if (!(kernel instanceof tf.Tensor) || kernel.rank !== 4 || kernel.dtype !== "float32") {
    const got =
      kernel instanceof tf.Tensor ? `a ${kernel.dtype} tensor [${kernel.shape.join(", ")}]` : typeof kernel;
    throw new TypeError(`convolutionSpectrum: expected a float32 kernel [O, I, h, w], got ${got}`);
  }
  requireIntegers("convolutionSpectrum: size", size, "two integers ≥ 1", { least: 1, length: 2 });
  const [outputs, inputs, h, w] = kernel.shape as [number, number, number, number];
  const values = kernel.dataSync() as Float32Array;
  const taps = { outputs, inputs, h, w, ...scaled({ rows: outputs, columns: inputs * h * w, values }) };
  return {
    flattened: flattenedSpectrum(kernel, "convolutionSpectrum"),
    operator: operatorSpectrum(taps, size),
  };
}

interface Kernel extends Scaled {
  outputs: number;
  inputs: number;
  h: number;
  w: number;
}

/**
 * Computes the spectrum of a kernel [O, I, h, w] flattened to a matrix [O, I · h · w].
 *
 * @param caller The name with which errors begin.
 */
export function flattenedSpectrum(kernel: tf.Tensor, caller: string): Spectrum {
  const [outputs, ...others] = kernel.shape as [number, ...number[]];
  const matrix = kernel.reshape([outputs, others.reduce((product, side) => product * side, 1)]);
  try {
    return spectrumOf(matrix, caller);
  } finally {
    matrix.dispose();
  }
}

function operatorSpectrum(kernel: Kernel, [height, width]: [number, number]): Spectrum {
  const pixels = height * width;
  const values = new Float32Array(Math.min(kernel.outputs, kernel.inputs) * pixels);
  let count = 0;
  for (let u = 0; u < height; u++) {
    for (let v = 0; v < width; v++) {
      const conjugate = ((height - u) % height) * width + ((width - v) % width);
      const frequency = u * width + v;
      if (conjugate < frequency) continue;
      const { real, imaginary } = transform(kernel, u / height, v / width);
      const matrix = conjugate === frequency ? real : realForm(real, imaginary);
      const found = float64SingularValues(matrix);
      values.set(found, count);
      count += found.length;
    }
  }
  const shape = [kernel.outputs * pixels, kernel.inputs * pixels] as const;
  return new Spectrum(values.sort().reverse(), shape, kernel.exponent);
}

/** The kernel's Fourier transform at a frequency in cycles per pixel, as real and imaginary matrices [O, I]. */
function transform({ outputs, inputs, h, w, values }: Kernel, down: number, across: number) {
  const area = h * w;
  const angles = Array.from({ length: area }, (_, tap) => {
    const cycles = Math.floor(tap / w) * down + (tap % w) * across;
    return -2 * Math.PI * (cycles % 1);
  });
  const sums = (wave: (angle: number) => number): Dense => {
    const waves = angles.map(wave);
    const result = new Float64Array(outputs * inputs);
    for (let pair = 0; pair < result.length; pair++) {
      for (let tap = 0; tap < area; tap++) result[pair]! += values[pair * area + tap]! * waves[tap]!;
    }
    return { rows: outputs, columns: inputs, values: result };
  };
  return { real: sums(Math.cos), imaginary: sums(Math.sin) };
}

/** The real form [[p, −q], [q, p]] of the complex matrix p + iq. */
function realForm(p: Dense, q: Dense): Dense {
  const { rows, columns } = p;
  const values = new Float64Array(4 * rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const [real, imaginary] = [p.values[i * columns + j]!, q.values[i * columns + j]!];
      const top = 2 * i * columns + j;
      const bottom = 2 * (rows + i) * columns + j;
      values[top] = real;
      values[top + columns] = -imaginary;
      values[bottom] = imaginary;
      values[bottom + columns] = real;
    }
  }
  return { rows: 2 * rows, columns: 2 * columns, values };
}
