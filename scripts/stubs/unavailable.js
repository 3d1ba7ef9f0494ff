/**
 * Stands in for a package that another one loads but that this project never uses: loading it works, and any
 * use of it throws an Error that says why it is not there.
 *
 * @param {string} name The package.
 * @param {string} reason Why it is not there.
 */
module.exports = function unavailable(name, reason) {
  const refuse = () => {
    throw new Error(`The npm package "${name}" is left out of this project: ${reason}`);
  };
  return new Proxy(refuse, {
    // Module loaders and printers look at symbols and at __esModule: that is not yet a use.
    get: (_target, key) => (typeof key === "symbol" || key === "__esModule" ? undefined : refuse()),
    apply: refuse,
    construct: refuse,
  });
};
