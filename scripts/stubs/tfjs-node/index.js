// danfojs-node asks for tfjs-node 3: given the project's own tfjs, the process has one tensor engine.
module.exports = require("@tensorflow/tfjs");
