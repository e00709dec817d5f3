/** The example service, as tests use it. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DesiredService, NodeLayout } from "../../agent/domain/target.js";
import { type PackageSource, packageOf, parsePackage } from "../../model/tosca/parse.js";

const directory = fileURLToPath(new URL("../../examples/mobile-edge-cache/", import.meta.url));

export const EXAMPLE_INPUTS = {
  ue_prefix: "172.16.222.0/24",
  wan_address: "10.50.0.10/24",
  wan_gateway: "10.50.0.1",
} as const;
export const EXAMPLE_LAYOUT: NodeLayout = {
  bridge: "br0",
  datapathType: "netdev",
  ports: { ran: "s1-ran", core: "s1-core", wan: "wan0" },
};

/** The example's files, with changes: a text replaces a file, null removes it. */
export function exampleSource(changes: Readonly<Record<string, string | null>> = {}): PackageSource {
  const names = readdirSync(directory).filter((name) => /\.(yaml|click)$/.test(name));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(directory + name, "utf8")]));
  const changed = Object.entries({ ...files, ...changes }).filter(
    (pair): pair is [string, string] => pair[1] !== null,
  );
  return { entry: "nsd.yaml", files: Object.fromEntries(changed) };
}

/** One file of the example with a piece replaced; the piece must be there. */
export function exampleWith(file: string, piece: string, replacement: string): PackageSource {
  const text = exampleSource().files[file] ?? "";
  if (!text.includes(piece)) throw new Error(`${file} does not contain ${JSON.stringify(piece)}`);
  return exampleSource({ [file]: text.replace(piece, replacement) });
}

export function exampleService(
  id = "mec",
  source: PackageSource = exampleSource(),
  inputs: Readonly<Record<string, unknown>> = EXAMPLE_INPUTS,
): DesiredService {
  const parsed = parsePackage(source, inputs);
  const request = { id, name: id, packageDigest: packageOf(source).digest, inputs: { ...inputs } };
  return parsed.ok
    ? { request, revision: 1, descriptor: parsed.value, problems: [] }
    : { request, revision: 1, descriptor: null, problems: parsed.error };
}

/** The example with another LVNF; the rest of it is as it was. */
export const OTHER_LVNF = exampleWith(
  "gtp-breakout.yaml",
  'LOCAL_MAC: "02:4c:4d:00:00:01"',
  'LOCAL_MAC: "02:4c:4d:00:00:02"',
);
