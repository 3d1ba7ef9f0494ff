import type { TorchGenerator } from "../../random/torch";
import { ConvNet, type ConvNetOptions } from "./conv-net";
import { PooledFeedback, ProjectedFeedback } from "./feedback";

/** Options in which a net may differ from the original's. */
export interface WeightNetOptions extends ConvNetOptions {
  /** The units of the hidden layer. */
  hidden?: number;
}

const mnist = { channels: 1, side: 28, filters: [5, 10], classes: 10 } as const;
const cifar10 = { channels: 3, side: 32, filters: [20, 50], classes: 10 } as const;

/** Notebook 02's net for 28 × 28 digits: 50 hidden units. */
export class Net extends ConvNet {
  constructor(generator: TorchGenerator, { hidden = 50, ...options }: WeightNetOptions = {}) {
    super({ ...mnist, hidden }, generator, options);
  }
}

/** `Net` with 60 hidden units, which are also given its linear weights max-pooled to 22 numbers, and 4 ones. */
export class WeightNetMnist extends ConvNet {
  constructor(generator: TorchGenerator, { hidden = 60, feedback, ...options }: WeightNetOptions = {}) {
    const pooled = () => new PooledFeedback({ window: [25, 31], pooled: 22, size: 26 });
    super({ ...mnist, hidden }, generator, { feedback: feedback ?? pooled(), ...options });
  }
}

/** `Net` with 50 hidden units, which are also given its linear weights projected to 26 numbers. */
export class WeightNetMnistP extends ConvNet {
  constructor(generator: TorchGenerator, { hidden = 50, feedback, ...options }: WeightNetOptions = {}) {
    super({ ...mnist, hidden }, generator, { feedback: feedback ?? new ProjectedFeedback(26), ...options });
  }
}

/** Notebook 02's net for 32 × 32 colour images: 700 hidden units. */
export class NetCifar10 extends ConvNet {
  constructor(generator: TorchGenerator, { hidden = 700, ...options }: WeightNetOptions = {}) {
    super({ ...cifar10, hidden }, generator, options);
  }
}

/** `NetCifar10` with 500 hidden units, which are also given its linear weights max-pooled to 430 numbers, and 30 ones. */
export class WeightNetCifar10 extends ConvNet {
  constructor(generator: TorchGenerator, { hidden = 500, feedback, ...options }: WeightNetOptions = {}) {
    const pooled = () => new PooledFeedback({ window: [50, 45], pooled: 430, size: 460 });
    super({ ...cifar10, hidden }, generator, { feedback: feedback ?? pooled(), ...options });
  }
}

/** `NetCifar10` with 500 hidden units, which are also given its linear weights projected to 460 numbers: P takes 1.6 GB. */
export class WeightNetCifar10P extends ConvNet {
  constructor(generator: TorchGenerator, { hidden = 500, feedback, ...options }: WeightNetOptions = {}) {
    super({ ...cifar10, hidden }, generator, {
      feedback: feedback ?? new ProjectedFeedback(460),
      ...options,
    });
  }
}
