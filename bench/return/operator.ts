/** Has the controller want a service at every site, by SOL005, and asks it whom it sees. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writePackage } from "../footprint/package.js";

const AT_ONCE = 16;

async function call<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return (text === "" ? null : JSON.parse(text)) as T;
}

export async function wantServices(rest: string, folder: string, sites: readonly string[]): Promise<void> {
  await writePackage(folder, "single", 1);
  const names = await readdir(folder);
  const texts = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), "utf8")]),
  );
  const { id: nsdId } = await call<{ id: string }>("POST", `${rest}/nsd/v1/ns_descriptors`, {});
  const content = { entry: "nsd.yaml", files: Object.fromEntries(texts) };
  await call("PUT", `${rest}/nsd/v1/ns_descriptors/${nsdId}/nsd_content`, content);
  const left = [...sites];
  const instances = `${rest}/nslcm/v1/ns_instances`;
  const work = async (): Promise<void> => {
    for (let siteId = left.pop(); siteId !== undefined; siteId = left.pop()) {
      const { id } = await call<{ id: string }>("POST", instances, { nsdId, nsName: `bench-${siteId}` });
      await call("POST", `${instances}/${id}/instantiate`, { siteId });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

export const online = async (rest: string): Promise<number> =>
  (await call<readonly { readonly online: boolean }[]>("GET", `${rest}/api/v1/nodes`)).filter(
    (node) => node.online,
  ).length;
