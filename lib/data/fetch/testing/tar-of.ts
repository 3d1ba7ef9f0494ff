/** An entry in the ustar format as POSIX.1-1988 lays it out. */
export function tarEntry(
  name: string,
  content: Buffer | string,
  { prefix = "", type = "0", size = "" } = {},
): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(size || bytes.length.toString(8).padStart(11, "0"), 124);
  header.write(type, 156);
  header.write("ustar", 257);
  header.write(prefix, 345);
  header.write(" ".repeat(8), 148);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
  return Buffer.concat([header, bytes, padding]);
}

/** An archive of files by path. */
export function tarOf(files: Record<string, Buffer | string>): Buffer {
  const entries = Object.entries(files).map(([path, content]) => tarEntry(path, content));
  return Buffer.concat([...entries, Buffer.alloc(1024)]);
}
