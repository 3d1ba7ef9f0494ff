const { dirname, join } = require("node:path");

/**
 * Where a native package's binding lies: the one question that @tensorflow/tfjs-node-gpu asks of
 * @mapbox/node-pre-gyp at run time, answered from the "binary" entry of its package.json for Node-API 8.
 */
exports.find = (packageJson) => {
  const { binary } = require(packageJson);
  const folder = binary.module_path.replace("{napi_build_version}", "8");
  return join(dirname(packageJson), folder, `${binary.module_name}.node`);
};
