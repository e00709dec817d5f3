/** What the tests of the Open vSwitch driver do to the world behind it; that world with a real Open vSwitch. */
import type { Flow } from "../../agent/domain/observed.js";
import type { OvsDriver } from "../../agent/drivers/ovs/api.js";
import { createOvsDriver } from "../../agent/drivers/ovs/driver.js";
import { missingFor } from "./real.js";
import { OVS_PROGRAMS, startRealOvs } from "./real-ovs.js";

/** What the suite does to the world behind the driver. */
export interface OvsWorld {
  readonly driver: OvsDriver;
  addInterface(name: string): Promise<void>;
  removeInterface(name: string): Promise<void>;
  dropFlows(bridge: string): Promise<void>;
  stopSwitch(): Promise<void>;
  startSwitch(): Promise<void>;
  stopDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  close(): Promise<void>;
}

export const MARK = { lightmano: "test" };
export const BRIDGE = { name: "br-test", datapathType: "netdev", externalIds: MARK } as const;
export const flow = (cookie: string, match: string, actions: string): Flow => ({
  cookie,
  table: 0,
  priority: 10,
  match,
  actions,
});
export const ALL_TABLES: Flow = { ...flow("0x4", "in_port=1", "drop"), table: 255 };
export const ONE = "0x0000000000000001";
export const BIG = "0xfedcba9876543210";

const missing = missingFor(OVS_PROGRAMS);
/** For tap: skips, saying so, where there is no Open vSwitch. */
export const realOptions = missing === null ? {} : { skip: missing };

export async function makeRealWorld(): Promise<
  OvsWorld & { readonly real: Awaited<ReturnType<typeof startRealOvs>> }
> {
  const real = await startRealOvs();
  return {
    ...real,
    real,
    driver: createOvsDriver({ ovsdbSocket: real.ovsdbSocket, runDir: real.runDir }),
    addInterface: async (name) => {
      await real.ip("link", "add", "name", name, "type", "veth", "peer", "name", `${name}p`);
      await real.ip("link", "set", "dev", name, "up");
      await real.ip("link", "set", "dev", `${name}p`, "up");
    },
    removeInterface: async (name) => void (await real.ip("link", "del", "dev", name)),
    dropFlows: async (bridge) => void (await real.ofctl("del-flows", `unix:${real.runDir}/${bridge}.mgmt`)),
  };
}
