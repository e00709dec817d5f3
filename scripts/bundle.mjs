/** Bundles what runs: one minified file per program, so that a node needs no node_modules but the addons. */
import { rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { build } from "esbuild";

const entries = {
  agent: "agent/agent-main.ts",
  inventory: "agent/inventory/child.ts",
  stack: "agent/watchdog/stack.ts",
  cli: "agent/cli/main.ts",
  controller: "controller/main.ts",
  lab: "lab/main.ts",
  demo: "lab/demo/main.ts",
  chaos: "lab/chaos/main.ts",
  "bench-click": "bench/click.ts",
  "bench-click-soak": "bench/click-soak.ts",
  "bench-footprint": "bench/footprint.ts",
  "bench-gtp": "bench/gtp.ts",
  docs: "scripts/docs.ts",
  "power-cuts": "test/power-cuts/main.ts",
  "power-cut-load": "test/power-cuts/load.ts",
};

// Under names of its own: two builds at once must not write into each other's.
const made = `build/dist-${process.pid}`;
const former = `${made}.old`;

const common = {
  outdir: made,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  platform: "node",
  target: "node20",
  format: "esm",
  keepNames: true,
  // What mqtt.js brings along and is never asked for here: WebSocket, SOCKS, timers for browsers; and Node's own streams
  // once more. In the agent's memory they weigh 1.5 MB.
  alias: {
    "readable-stream": "node:stream",
    ws: "./scripts/bundle/nothing.cjs",
    socks: "./scripts/bundle/nothing.cjs",
    "worker-timers": "./scripts/bundle/nothing.cjs",
  },
  // Native addons cannot be bundled; SQLite in WebAssembly stays beside its binary.
  external: ["sqlite3", "@lydell/node-pty", "@journeyapps/wa-sqlite"],
  // CommonJS packages inside an ES module want `require`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: "warning",
};

/** The simulation reads the same few descriptors a million times: a reader with a memory takes the real one's place. */
const memoizedParse = {
  name: "memoized-parse",
  setup({ onResolve }) {
    onResolve({ filter: /tosca\/parse\.js$/ }, ({ importer, kind }) =>
      importer.endsWith("memoized-parse.ts") || kind === "entry-point"
        ? undefined
        : { path: resolve("test/simulation/world/memoized-parse.ts") },
    );
  },
};

await build({
  ...common,
  entryPoints: Object.entries(entries).map(([out, entry]) => ({ in: entry, out })),
  minify: true,
});
await build({
  ...common,
  entryPoints: [{ in: "test/simulation/main.ts", out: "simulate" }],
  chunkNames: "chunks/simulate-[name]-[hash]",
  plugins: [memoizedParse],
});
// Whatever starts from dist meanwhile finds the old bundles or the new ones, never half of them (and for the
// instant between the two renames none).
await rename("dist", former).catch((error) => {
  if (error.code !== "ENOENT") throw error;
});
await rename(made, "dist");
await rm(former, { recursive: true, force: true });
