const unavailable = require("../unavailable");

module.exports = unavailable(
  "xlsx",
  "its fixed versions are not in the npm registry. Read and write CSV or JSON instead of Excel files.",
);
