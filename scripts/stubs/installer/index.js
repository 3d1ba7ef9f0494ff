const unavailable = require("../unavailable");

module.exports = unavailable(
  "tar or adm-zip",
  "only the installer of @tensorflow/tfjs-node-gpu needs it, which downloads a binary and is never run here.",
);
