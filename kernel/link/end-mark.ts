/**
 * Written to a cell's standard output and standard error when it is over, so that the kernel's process knows that what
 * went past the messages (child processes, native code) has all arrived.
 */
export const endMark = (id: number) => `\u0000\u0001end of cell ${id}\u0001\u0000`;
