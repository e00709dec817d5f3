/** Bundles what runs: one minified file per program, so that a node needs no node_modules but the addons. */
import { rm } from "node:fs/promises";
import { build } from "esbuild";

const entries = {
  agent: "agent/agent-main.ts",
  inventory: "agent/inventory/child.ts",
  cli: "agent/cli/main.ts",
  controller: "controller/main.ts",
  lab: "lab/main.ts",
  demo: "lab/demo/main.ts",
  "bench-footprint": "bench/footprint.ts",
  docs: "scripts/docs.ts",
};

await rm("dist", { recursive: true, force: true });
await build({
  entryPoints: Object.entries(entries).map(([out, entry]) => ({ in: entry, out })),
  outdir: "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  platform: "node",
  target: "node20",
  format: "esm",
  minify: true,
  keepNames: true,
  // Native addons cannot be bundled.
  external: ["sqlite3", "@lydell/node-pty"],
  // CommonJS packages inside an ES module want `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: "warning",
});
