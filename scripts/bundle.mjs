/** Bundles what runs: one minified file per program, so that a node needs no node_modules but the addons. */
import { rename, rm } from "node:fs/promises";
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

await build({
  entryPoints: Object.entries(entries).map(([out, entry]) => ({ in: entry, out })),
  outdir: "dist.new",
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
// Whatever runs from dist meanwhile finds the old bundles or the new ones, never half of them.
await rm("dist.old", { recursive: true, force: true });
await rename("dist", "dist.old").catch((error) => {
  if (error.code !== "ENOENT") throw error;
});
await rename("dist.new", "dist");
await rm("dist.old", { recursive: true, force: true });
