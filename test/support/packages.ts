/** Small descriptor packages on disk, for tests that want a service with one thing in it. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Test } from "tap";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

/** A copy of an example that a test may change. */
export async function exampleCopy(t: Test, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lmt-package-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await cp(join(examples, name), join(folder, name), { recursive: true });
  return join(folder, name);
}

export async function replaceIn(path: string, piece: string, replacement: string): Promise<void> {
  const text = await readFile(path, "utf8");
  if (!text.includes(piece)) throw new Error(`${path} does not contain ${JSON.stringify(piece)}`);
  await writeFile(path, text.replace(piece, replacement));
}

/** One LVNF with this script, its first port on the SAP `wan`. */
export async function lvnfOnWan(t: Test, script: string): Promise<string> {
  const folder = await exampleCopy(t, "forwarder");
  await writeFile(join(folder, "forwarder.click"), script);
  await replaceIn(join(folder, "nsd.yaml"), "    core: { type", "    wan: { type");
  await replaceIn(join(folder, "nsd.yaml"), "    ran: { type", "    spare: { type");
  await replaceIn(
    join(folder, "nsd.yaml"),
    "{ path: [ran, forwarder.a, forwarder.b, core], bidirectional: true }",
    "{ path: [wan, forwarder.a] }",
  );
  const nsd = (await readFile(join(folder, "nsd.yaml"), "utf8")).replace(/^ {4}spare:.*\n/m, "");
  await writeFile(join(folder, "nsd.yaml"), nsd);
  return folder;
}

/** The example's Squid alone, its WAN port on the SAP `wan`. */
export async function squidOnWan(t: Test): Promise<string> {
  const from = await exampleCopy(t, "mobile-edge-cache");
  const folder = join(from, "..", "squid-alone");
  await mkdir(folder);
  await cp(join(from, "squid.yaml"), join(folder, "squid.yaml"));
  await writeFile(
    join(folder, "nsd.yaml"),
    `tosca_definitions_version: tosca_simple_yaml_1_3
imports: [lightmano_types.yaml, squid.yaml]
topology_template:
  inputs:
    image: { type: string, default: lightmano/squid:1 }
  node_templates:
    ns:
      type: tosca.nodes.nfv.NS
      properties: { descriptor_id: squid-alone, designer: test, version: "1.0", name: Squid, invariant_id: squid-alone }
    wan: { type: tosca.nodes.nfv.Sap, properties: { layer_protocols: [ethernet] } }
    cache:
      type: lightmano.examples.Squid
      properties:
        image: { get_input: image }
        ue_prefix: 172.16.222.0/24
        wan_address: 10.50.0.10/24
        wan_gateway: 10.50.0.1
    cache-wan:
      type: lightmano.nodes.Nfp
      properties: { path: [cache.wan, wan], bidirectional: true }
`,
  );
  return folder;
}

/** The example's breakout alone, between the node's `ran` and `core`. */
export async function breakoutAlone(t: Test): Promise<string> {
  const from = await exampleCopy(t, "mobile-edge-cache");
  const folder = join(from, "..", "breakout-alone");
  await mkdir(folder);
  for (const name of ["gtp-breakout.yaml", "gtp-breakout.click"])
    await cp(join(from, name), join(folder, name));
  await writeFile(
    join(folder, "nsd.yaml"),
    `tosca_definitions_version: tosca_simple_yaml_1_3
imports: [lightmano_types.yaml, gtp-breakout.yaml]
topology_template:
  node_templates:
    ns:
      type: tosca.nodes.nfv.NS
      properties: { descriptor_id: breakout-alone, designer: test, version: "1.0", name: Breakout, invariant_id: breakout-alone }
    ran: { type: tosca.nodes.nfv.Sap, properties: { layer_protocols: [ethernet] } }
    core: { type: tosca.nodes.nfv.Sap, properties: { layer_protocols: [ethernet] } }
    breakout: { type: lightmano.examples.GtpBreakout, properties: { fastpath: "off" } }
    s1:
      type: lightmano.nodes.Nfp
      properties: { path: [ran, breakout.ran, breakout.core, core], bidirectional: true }
`,
  );
  return folder;
}
