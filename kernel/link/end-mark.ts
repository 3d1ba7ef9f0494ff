/**
 * Written to a cell's standard output and standard error when the cell is over. It tells the kernel's process that
 * all output which bypassed the messages (of child processes and native code) has arrived.
 */
export const endMark = (id: number) => `\u0000\u0001end of cell ${id}\u0001\u0000`;
