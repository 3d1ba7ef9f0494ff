const BLOCK = 512;

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? field.length : end);
}

/**
 * The regular files of a tar archive in the POSIX ustar format, by path; contents are views of `archive`.
 *
 * Paths in GNU or pax extension headers (longer than 255 characters) are not understood.
 *
 * @throws Error for an archive that is cut off or is not tar
 */
export function readTar(archive: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const header = archive.subarray(at, at + BLOCK);
    const size = Number.parseInt(text(header.subarray(124, 136)), 8);
    const start = at + BLOCK;
    if (text(header.subarray(257, 262)) !== "ustar" || !(start + size <= archive.length)) {
      throw new Error(`The tar archive of ${archive.length} bytes is damaged at byte ${at}`);
    }
    const prefix = text(header.subarray(345, 500));
    const name = text(header.subarray(0, 100));
    const type = text(header.subarray(156, 157)) || "0";
    if (type === "0") files.set(prefix ? `${prefix}/${name}` : name, archive.subarray(start, start + size));
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
