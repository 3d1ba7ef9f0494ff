/** A hyper-parameter: a number, a text, a flag, or a list of one of these. */
export type ParameterValue = number | string | boolean | number[] | string[] | boolean[];

/** A part of a configuration; null where it does not apply. */
export type ConfigValue = ParameterValue | null;

/** What the runs of an experiment have in common, such as the batch size. */
export type SharedSettings = Record<string, ParameterValue>;

/** What tells the runs of an experiment apart, such as the width of the network and the seed. */
export type Config = Record<string, ConfigValue>;
