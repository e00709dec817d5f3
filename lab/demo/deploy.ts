/** Onboarding and instantiation at the controller, and what the service then consists of. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "../errors.js";
import { SITE } from "../site.js";
import { waitUntil } from "../wait.js";
import { type FunctionView, promise, type ServiceView, type Stage } from "./stage.js";

const PACKAGE = "examples/mobile-edge-cache";
const DEPLOY_TIMEOUT_MS = 60_000;

interface Operation {
  readonly operationState: string;
  readonly error?: { readonly detail?: string };
}

/** Returns the service's id, which the controller and the node share. */
export async function onboardAndInstantiate(
  { lab, site }: Stage,
  projectRoot: string,
  fastPath: string,
): Promise<string> {
  const folder = join(projectRoot, PACKAGE);
  const names = (await readdir(folder)).filter((name) => /\.(yaml|click)$/.test(name));
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
  const { body: nsd } = await site.rest<{ id: string }>("POST", "/nsd/v1/ns_descriptors", {});
  await site.rest("PUT", `/nsd/v1/ns_descriptors/${nsd.id}/nsd_content`, { entry: "nsd.yaml", files });
  const { body: instance } = await site.rest<{ id: string }>("POST", "/nslcm/v1/ns_instances", {
    nsdId: nsd.id,
    nsName: "mobile-edge-cache",
    nsDescription: "the demo",
  });
  const { uePrefix, wanSquid, wanGateway } = lab.addresses;
  const { location } = await site.rest("POST", `/nslcm/v1/ns_instances/${instance.id}/instantiate`, {
    nsFlavourId: "default",
    siteId: SITE,
    additionalParamsForNs: {
      fastpath: fastPath,
      ue_prefix: uePrefix,
      wan_address: `${wanSquid}/24`,
      wan_gateway: wanGateway,
    },
  });
  const operationPath = new URL(location ?? "", "http://controller").pathname;
  await waitUntil(
    "the controller reports the instantiation completed",
    async () => {
      const { body } = await site.rest<Operation>("GET", operationPath);
      if (body.operationState === "FAILED")
        throw new LabError({
          code: "lab.command",
          message: `the instantiation failed: ${JSON.stringify(body.error)}`,
        });
      return body.operationState === "COMPLETED";
    },
    { timeoutMs: DEPLOY_TIMEOUT_MS },
  );
  return instance.id;
}

/** The service as the node shows it; it must be active. */
export async function activeService({ site }: Stage, id: string): Promise<ServiceView> {
  const service = await site.lightmano<ServiceView>("service", "show", id);
  promise(service.state === "active", `service ${id} is ${service.state}: ${service.reason}`);
  return service;
}

export function functionOf(service: ServiceView, kind: "lvnf" | "container"): FunctionView {
  const found = service.functions.find((f) => f.kind === kind);
  if (!found) throw new LabError({ code: "lab.command", message: `service ${service.id} has no ${kind}` });
  return found;
}

export async function waitActive(stage: Stage, id: string, timeoutMs = 20_000): Promise<void> {
  await waitUntil(
    `service ${id} is active`,
    async () => {
      const service = await stage.site.lightmano<ServiceView>("service", "show", id);
      return service.state === "active";
    },
    { timeoutMs },
  );
}
