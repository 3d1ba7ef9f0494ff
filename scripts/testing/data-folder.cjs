const { mkdirSync, readdirSync, realpathSync, symlinkSync } = require("node:fs");
const { join } = require("node:path");

/**
 * Makes a folder of data that has the data sets of another, by links, and no records.
 *
 * @param {string} folder
 * @param {string} of The folder whose data sets it has.
 */
function makeDataFolder(folder, of) {
  mkdirSync(folder, { recursive: true });
  for (const { name } of readdirSync(of, { withFileTypes: true })) {
    if (name !== "records") symlinkSync(realpathSync(join(of, name)), join(folder, name));
  }
}

module.exports = { makeDataFolder };
