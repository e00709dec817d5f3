/** Imports run one way (docs/architecture.md, "The house"). A wrong one fails `npm run lint`. */
const only = (from, to) => ({
  name: `${from} imports only ${to.join(", ")}`,
  severity: "error",
  from: { path: `^${from}/` },
  to: {
    path: "^(model|bus|store|agent|controller|dashboard|lab|bench|test|scripts)/",
    pathNot: `^(${[from, ...to].join("|")})/`,
  },
});

module.exports = {
  forbidden: [
    only("model", []),
    only("bus", ["model"]),
    only("store", ["model"]),
    only("agent", ["model", "bus", "store"]),
    only("controller", ["model", "bus", "store"]),
    only("lab", []),
    {
      name: "domain is pure",
      severity: "error",
      from: { path: "^agent/domain/" },
      to: { path: "^(agent|bus|controller|lab)/", pathNot: "^agent/domain/" },
    },
    {
      name: "domain does no I/O",
      severity: "error",
      from: { path: "^agent/domain/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    {
      name: "a driver imports no other driver",
      severity: "error",
      from: { path: "^agent/drivers/([^/]+)/" },
      to: { path: "^agent/drivers/[^/]+/", pathNot: "^agent/drivers/$1/" },
    },
    {
      name: "nothing imports a test",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    {
      name: "no cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no development dependency at run time",
      severity: "error",
      from: { path: "^(model|bus|store|agent|controller)/" },
      to: { dependencyTypes: ["npm-dev"], pathNot: "node_modules/@types/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    moduleSystems: ["es6"],
  },
};
