export const WAYS = ["kernels", "batches"] as const;

/**
 * How the threads divide the work: `kernels` splits each operation across them, `batches` splits each batch, and every
 * thread takes its part through all operations. `batches` is faster where operations are small, as in a small
 * convolutional network.
 */
export type Parallel = (typeof WAYS)[number];
