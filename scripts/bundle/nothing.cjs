/** In the bundles, in the place of packages that are required and never used (scripts/bundle.mjs). Using one is an error that names it. */
module.exports = new Proxy(
  {},
  {
    get(_nothing, name) {
      if (name === "__esModule" || typeof name === "symbol") return undefined;
      return class {
        constructor() {
          throw new Error(
            `${name}: WebSocket, SOCKS and browsers are not in this bundle (scripts/bundle.mjs)`,
          );
        }
      };
    },
  },
);
