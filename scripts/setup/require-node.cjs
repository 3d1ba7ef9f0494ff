// Loaded before every command: says that this Node is too old where the command's own code would only be a syntax
// error to it. It keeps to what Node 12, of Ubuntu 22.04, can read.
const { engines } = require("../../package.json");

const oldest = /** @type {RegExpMatchArray} */ (engines.node.match(/\d+/g)).map(Number);

/**
 * What to tell the user of a Node that is too old, or undefined where it is not.
 *
 * @param {string} version Such as "20.10.0".
 */
function nodeFault(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined;
  return (
    `Node ${oldest.join(".")} or later is needed; this is ${version}. ` +
    "Install a current release (https://nodejs.org), then run this again."
  );
}

const fault = nodeFault(process.versions.node);
if (fault) {
  console.error(fault);
  process.exit(1);
}

module.exports = { nodeFault };
