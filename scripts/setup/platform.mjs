/**
 * The tags of the wheels of the platforms that TensorFlow publishes libraries for with which the binding can be linked.
 *
 * @type {Record<string, string[]>}
 */
const WHEEL_TAGS = {
  "linux-x64": ["manylinux_2_27_x86_64", "manylinux2014_x86_64", "manylinux2010_x86_64"],
  "linux-arm64": ["manylinux_2_27_aarch64"],
  "darwin-arm64": ["macosx_12_0_arm64"],
};

/** Such as "linux-x64"; "linux-x64-musl" where the C library is not glibc. */
export function hostPlatform() {
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  const { glibcVersionRuntime } = report.header;
  const isMusl = process.platform === "linux" && !glibcVersionRuntime;
  return `${process.platform}-${process.arch}${isMusl ? "-musl" : ""}`;
}

/**
 * The tags of the wheels that fit a platform.
 *
 * @param {"cpu" | "gpu"} device
 * @param {string} [platform] This machine's by default.
 * @returns {string[]}
 * @throws {Error} If TensorFlow has none, with the platforms for which it has.
 */
export function wheelTags(device, platform = hostPlatform()) {
  const supported = device === "gpu" ? ["linux-x64"] : Object.keys(WHEEL_TAGS);
  const tags = WHEEL_TAGS[platform];
  if (!tags || !supported.includes(platform)) {
    throw new Error(
      `TensorFlow's ${device} libraries exist for ${supported.join(", ")}; this is ${platform}.`,
    );
  }
  return tags;
}
