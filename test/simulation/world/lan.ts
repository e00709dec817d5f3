/** A site's LAN: links between its nodes, and the brokers of those of them that are hub. */
import type { SiteNetwork } from "../../../agent/hub/ears.js";
import type { HubConfig } from "../../../agent/hub/settings.js";
import { LightmanoError } from "../../../model/errors.js";
import { createBrokerModel, emptyMemory } from "../network/broker-model.js";
import type { Network } from "../network/network.js";
import { createLink, type Link } from "../network/wire.js";
import type { Random } from "../time/random.js";
import type { Process } from "../time/scheduler.js";
import { LOCAL, PORTS, SLOTS } from "./packages.js";

const PORT = 1884;
/** Of three nodes or more the last is never hub. */
const CANDIDATES_AT_MOST = 2;

export interface Lan {
  hubConfigOf(node: string): HubConfig;
  /** What a node's agent reaches others by; `uplink`: what is not on the LAN is beyond that. */
  networkOf(node: string, agent: Process, uplink: Link): SiteNetwork;
  /** The agent is gone, and its broker with it. */
  left(node: string): void;
  setUp(node: string, up: boolean): void;
  linksOf(node: string): readonly Link[];
  /** Where its broker is to listen something else does; no broker that listens there already is disturbed. */
  occupy(node: string, occupied: boolean): void;
}

export function createLan(network: Network, nodes: readonly string[], random: Random): Lan {
  const urlOf = (node: string): string => `mqtt://${node}:${PORT}`;
  const links = new Map<string, Link>();
  const linkBetween = (one: string, other: string): Link => {
    const name = [one, other].sort().join("-");
    const link = links.get(name) ?? Object.assign(createLink(name), { delayMs: 0.2, jitterMs: 0.4 });
    links.set(name, link);
    return link;
  };
  const down = new Set<string>();
  const occupied = new Set<string>();
  const others = (node: string): readonly string[] => nodes.filter((one) => one !== node);
  const preferSeconds = random.pick([5, 60, null]);

  return {
    hubConfigOf: (listen) => ({
      candidates: nodes.slice(0, CANDIDATES_AT_MOST).map((node) => ({ node, url: urlOf(node) })),
      nodes: [...nodes],
      listen,
      unseen: "keep",
      takeOverSeconds: 4,
      preferSeconds,
      leaseSeconds: 60,
    }),
    networkOf(node, agent, uplink) {
      const linkTo = (url: string): Link => {
        const host = new URL(url).hostname;
        return nodes.includes(host) ? linkBetween(node, host) : uplink;
      };
      return {
        open: network.sessionsOver(linkTo),
        async startBroker({ host, port }) {
          const url = `mqtt://${host}:${port}`;
          if (occupied.has(host))
            throw new LightmanoError("object.conflict", `MQTT broker cannot listen on ${host}:${port}`);
          const broker = createBrokerModel(emptyMemory());
          network.listen(url, { process: agent, broker });
          return {
            port,
            clients: broker.clients,
            retained: broker.retained,
            async stop() {
              network.listen(url, null);
              broker.shut();
            },
          };
        },
      };
    },
    left: (node) => network.listen(urlOf(node), null),
    setUp(node, up) {
      if (up) down.delete(node);
      else down.add(node);
      for (const other of others(node))
        network.setUp(linkBetween(node, other), !down.has(node) && !down.has(other));
    },
    linksOf: (node) => others(node).map((other) => linkBetween(node, other)),
    occupy(node, isOccupied) {
      if (isOccupied) occupied.add(node);
      else occupied.delete(node);
    },
  };
}

/** Where each controller's service can be: every one of them somewhere. What is asked for at a node can be there. */
export function portsOf(names: readonly string[], random: Random): (name: string) => Record<string, string> {
  const places = SLOTS.map(({ name: slot, saps }) => {
    const drawn = names.filter(() => random.chance(0.7));
    const there = LOCAL.has(slot) ? names : drawn.length > 0 ? drawn : [random.pick(names)];
    return { saps, there };
  });
  return (name) => {
    const saps = places.flatMap(({ saps, there }) => (there.includes(name) ? saps : []));
    return Object.fromEntries(saps.map((sap) => [sap, PORTS[sap] as string]));
  };
}
