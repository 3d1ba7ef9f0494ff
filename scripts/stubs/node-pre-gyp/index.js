const { join } = require("node:path");
const util = require("node:util");

const built = join(__dirname, "..", "..", "..", ".tensorflow");

/**
 * Where a native package's binding lies: the one question that @tensorflow/tfjs-node-gpu asks of
 * @mapbox/node-pre-gyp at run time. It is where this project's set-up has built it, or in the folder that
 * WEIGHTSPACE_TENSORFLOW names.
 */
exports.find = () => join(process.env.WEIGHTSPACE_TENSORFLOW || built, "tfjs_binding.node");

// Two functions that @tensorflow/tfjs-node-gpu calls and that Node 23 removed.
util.isArray ??= Array.isArray;
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
