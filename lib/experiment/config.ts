/** A hyper-parameter: a number, a text, a flag, or a list of one of these. */
export type ParameterValue = number | string | boolean | number[] | string[] | boolean[];

/** A part of a configuration; null where it does not apply. */
export type ConfigValue = ParameterValue | null;

/** What tells the runs of an experiment apart, such as the width of the network and the seed. */
export type Config = Record<string, ConfigValue>;
