/** What has to be built before a lab can come up: once per checkout, again when a source is newer. */
import { mkdir, readFile, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOk } from "./command.js";
import type { LabContext } from "./context.js";
import { LabError } from "./errors.js";

export interface Artifacts {
  readonly delayRelay: string;
  readonly originServer: string;
  /** Numbered traffic, and pages (lab/chaos). */
  readonly countStream: string;
  readonly pageStream: string;
  readonly clockShift: string;
  readonly squidTar: string;
}

export async function ensureArtifacts(
  lab: LabContext,
): Promise<Artifacts & { readonly built: readonly string[] }> {
  const { buildDir } = lab.paths;
  const source = (name: string) => join(lab.projectRoot, "lab", name);
  const squid = (name: string) => join(lab.projectRoot, "examples", "squid", name);
  const signal = lab.signal;
  await mkdir(buildDir, { recursive: true });

  const delayRelay = join(buildDir, "delayrelay");
  const countStream = join(buildDir, "countstream");
  const pageStream = join(buildDir, "pagestream.mjs");
  const clockShift = join(buildDir, "clockshift.so");
  const originServer = join(buildDir, "origin-server.mjs");
  const squidTar = join(buildDir, "squid-1.tar");
  const built = await Promise.all([
    build(delayRelay, [source("delayrelay.c")], (out) =>
      runOk(["gcc", "-O2", "-Wall", "-std=gnu11", "-o", out, source("delayrelay.c")], { signal }),
    ),
    build(countStream, [source("chaos/countstream.c")], (out) =>
      runOk(["gcc", "-O2", "-Wall", "-std=gnu11", "-o", out, source("chaos/countstream.c")], { signal }),
    ),
    build(pageStream, [source("chaos/pagestream.ts")], (out) =>
      runOk(esbuild(lab.projectRoot, source("chaos/pagestream.ts"), out), { signal }),
    ),
    build(clockShift, [source("chaos/clockshift.c")], (out) =>
      runOk(
        [
          "gcc",
          "-O2",
          "-Wall",
          "-std=gnu11",
          "-shared",
          "-fPIC",
          "-o",
          out,
          source("chaos/clockshift.c"),
          "-ldl",
        ],
        { signal },
      ),
    ),
    build(originServer, ["origin-server.ts", "origins.ts", "origin-requests.ts"].map(source), (out) =>
      runOk(esbuild(lab.projectRoot, source("origin-server.ts"), out), { signal }),
    ),
    build(squidTar, [squid("build-image.sh"), squid("squid.conf")], (out) =>
      runOk(["sh", squid("build-image.sh"), out], { signal }),
    ),
  ]);
  return { delayRelay, countStream, pageStream, clockShift, originServer, squidTar, built: built.flat() };
}

/** The folder that holds LightMANO's package.json: from this file (source or bundle), or from where we stand. */
export async function findProjectRoot(): Promise<string> {
  const starts = [dirname(fileURLToPath(import.meta.url)), process.cwd()];
  for (const start of starts) {
    for (let folder = start; ; folder = dirname(folder)) {
      const text = await readFile(join(folder, "package.json"), "utf8").catch(() => "{}");
      if ((JSON.parse(text) as { readonly name?: string }).name === "lightmano") return folder;
      if (dirname(folder) === folder) break;
    }
  }
  throw new LabError({
    code: "lab.usage",
    message: "the lab's sources are not here: it runs from a LightMANO checkout",
    hint: "pass projectRoot, or run the lab from the checkout",
  });
}

function esbuild(projectRoot: string, entry: string, out: string): readonly string[] {
  const program = join(projectRoot, "node_modules", "esbuild", "bin", "esbuild");
  return [
    program,
    entry,
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--log-level=warning",
    `--outfile=${out}`,
  ];
}

async function build(
  out: string,
  sources: readonly string[],
  make: (out: string) => Promise<unknown>,
): Promise<readonly string[]> {
  const [builtAt, ...changedAt] = await Promise.all([out, ...sources].map(modifiedAt));
  if (builtAt !== undefined && changedAt.every((at) => at !== undefined && at <= builtAt)) return [];
  // Its own name and a rename: two labs may build at once, and a stopped build leaves nothing half done.
  const part = `${out}.${process.pid}${out.endsWith(".mjs") ? ".mjs" : ""}`;
  await make(part);
  await rename(part, out);
  return [out];
}

async function modifiedAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    (found) => found.mtimeMs,
    () => undefined,
  );
}
