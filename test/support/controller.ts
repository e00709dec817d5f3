/** A controller in this process on ports of its own, and REST against it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { silentLog } from "../../bus/log.js";
import { type Controller, startController } from "../../controller/controller.js";
import type { NsSummary, ParsePackage } from "../../controller/descriptor.js";
import { err, ok, problem } from "../../model/errors.js";
import type { Engine } from "../../store/engine.js";

/** Stands in for the TOSCA parser: the entry file is the summary as JSON. */
const parsePackage: ParsePackage = ({ entry, files }, inputs) => {
  const text = files[entry];
  if (!text) return err([problem("package.unreadable", `${entry} is not in the package`)]);
  if (text.includes("!"))
    return err([
      problem("descriptor.invalid", "unexpected !", { file: entry, line: 1, column: text.indexOf("!") + 1 }),
    ]);
  const nsd = JSON.parse(text) as NsSummary;
  const missing = Object.entries(nsd.inputs).filter(
    ([name, { required }]) => inputs && required && !(name in inputs),
  );
  return missing.length > 0
    ? err(missing.map(([name]) => problem("service.inputs-invalid", `input ${name} is missing`)))
    : ok(nsd);
};
export const inputs = { wan: { type: "string", required: true } };
const nsd = {
  id: "edge-cache",
  name: "Edge cache",
  version: "1.0",
  inputs,
  saps: [],
  functions: [{ name: "gtp", kind: "lvnf" }],
};
export const content = { entry: "ns.yaml", files: { "ns.yaml": JSON.stringify(nsd) } };
const dashboardDir = join(import.meta.dirname, "../../dashboard");

export type Tap = Pick<Test, "teardown">;
export type Running = Controller &
  Readonly<{
    call: typeof call extends (base: string, ...rest: infer R) => infer P ? (...rest: R) => P : never;
    stateDir: string;
  }>;

export async function controller(
  t: Tap,
  options: {
    stateDir?: string;
    mqttPort?: number;
    restPort?: number;
    brokerUrl?: string;
    parse?: ParsePackage;
    engine?: Engine;
  } = {},
): Promise<Running> {
  const stateDir = options.stateDir ?? (await mkdtemp(join(tmpdir(), "lightmano-controller-")));
  const started = await startController({
    host: "127.0.0.1",
    restPort: options.restPort ?? 0,
    mqttPort: options.mqttPort ?? 0,
    ...(options.brokerUrl ? { brokerUrl: options.brokerUrl } : {}),
    ...(options.engine ? { engine: options.engine } : {}),
    stateDir,
    dashboardDir,
    version: "test",
    parsePackage: options.parse ?? parsePackage,
    clock: Date.now,
    random: Math.random,
    log: silentLog,
  });
  t.teardown(async () => {
    await started.stop();
    if (!options.stateDir) await rm(stateDir, { recursive: true, force: true });
  });
  const base = `http://127.0.0.1:${started.restPort}`;
  return { ...started, stateDir, call: (...rest) => call(base, ...rest) };
}

/** What came over the wire, as far as the tests reach into it; all else is matched as a whole. */
export interface Body {
  readonly id: string;
  readonly nsState: string;
  readonly operationState: string;
  readonly problems: unknown;
  readonly length: number;
  readonly [index: number]: { readonly online: boolean };
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly location: string;
  readonly body: Body;
}

async function call(base: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(base + path, {
    method,
    ...(body === undefined ? {} : { body: payload, headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  return {
    status: response.status,
    type,
    location: response.headers.get("location") ?? "",
    body: text !== "" && type.includes("json") ? JSON.parse(text) : text,
  };
}

export async function onboard({ call }: Running): Promise<string> {
  const { body } = await call("POST", "/nsd/v1/ns_descriptors", {});
  await call("PUT", `/nsd/v1/ns_descriptors/${body.id}/nsd_content`, content);
  return body.id;
}

export async function instantiate(
  at: Running,
  siteId = "s1",
  nsName = "cache one",
): Promise<{ id: string; operation: string }> {
  const { body } = await at.call("POST", "/nslcm/v1/ns_instances", {
    nsdId: await onboard(at),
    nsName,
  });
  const asked = await at.call("POST", `/nslcm/v1/ns_instances/${body.id}/instantiate`, {
    siteId,
    additionalParamsForNs: { wan: "wan0" },
  });
  return { id: body.id, operation: asked.location };
}

export const state = async ({ call }: Running, operation: string): Promise<string> =>
  (await call("GET", operation)).body.operationState;

export const inventory = {
  os: "Debian GNU/Linux 12",
  kernel: "6.1",
  architecture: "x64",
  cpu: { model: "AMD GX-412TC", cores: 4 },
  memoryBytes: 4_000_000_000,
  system: { manufacturer: "PC Engines", model: "APU2", virtual: false },
  disks: [],
  ports: [],
  drivers: [],
};
