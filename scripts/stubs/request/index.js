const unavailable = require("../unavailable");

module.exports = unavailable(
  "request",
  "it is deprecated and has known vulnerabilities. Fetch the address with fetch() and give danfojs the data.",
);
