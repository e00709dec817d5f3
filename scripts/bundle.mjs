/**
 * Bundles what runs: one minified file per program, so that a node needs no node_modules but the addons.
 *
 *   node scripts/bundle.mjs [--version X --outdir DIR]     the same as another version, to upgrade to (npm run chaos)
 */
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const { version, outdir } = parseArgs({
  options: { version: { type: "string" }, outdir: { type: "string", default: "dist" } },
}).values;

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
  "bench-heal": "bench/heal.ts",
  "bench-return": "bench/return.ts",
  "bench-return-crowd": "bench/return/crowd.ts",
  "bench-return-probe": "bench/return/probe.ts",
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
  plugins: version === undefined ? [] : [withVersion(version)],
});
await build({
  ...common,
  entryPoints: [{ in: "test/simulation/main.ts", out: "simulate" }],
  // In one file: an `import()` of another would be I/O, for which virtual time does not wait.
  splitting: false,
  plugins: [memoizedParse],
});
// Whatever starts from dist meanwhile finds the old bundles or the new ones, never half of them (and for the
// instant between the two renames none).
await mkdir(dirname(resolve(outdir)), { recursive: true });
await rename(outdir, former).catch((error) => {
  if (error.code !== "ENOENT") throw error;
});
await rename(made, outdir);
await rm(former, { recursive: true, force: true });

/** The sources as they are, but for what the program says that its version is. */
function withVersion(version) {
  return {
    name: "version",
    setup: ({ onLoad }) =>
      onLoad({ filter: /agent.version\.ts$/ }, () => ({
        contents: `export const VERSION = ${JSON.stringify(version)};`,
        loader: "ts",
      })),
  };
}
