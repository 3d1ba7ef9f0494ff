/** A residual block: its place in the network and the shapes of its maps. */
export interface Block {
  /** Such as "layer2.0": the second stage's first block. */
  name: string;
  /** The channels before and after it. */
  inputs: number;
  outputs: number;
  /** By which it divides height and width. */
  stride: number;
  /** Whether its outputs have another shape than its inputs. */
  reshapes: boolean;
}

/** The blocks of all stages in their order; each stage but the first begins by halving height and width. */
export function blocksOf(widths: readonly number[], blocksPerStage: number): Block[] {
  return widths.flatMap((outputs, stage) =>
    Array.from({ length: blocksPerStage }, (_, i) => {
      const inputs = i === 0 ? widths[Math.max(stage - 1, 0)]! : outputs;
      const stride = i === 0 && stage > 0 ? 2 : 1;
      const reshapes = stride !== 1 || inputs !== outputs;
      return { name: `layer${stage + 1}.${i}`, inputs, outputs, stride, reshapes };
    }),
  );
}
