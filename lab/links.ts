import { runOk } from "./command.js";
import { inNamespace, type LabContext, netnsName } from "./context.js";
import { ORIGINS } from "./origins.js";
import {
  ADDRESSES,
  CABLES,
  type Cable,
  type CableEnd,
  NAMESPACES,
  type Namespace,
  ROUTES,
} from "./topology.js";

export interface ObservedLink {
  /** Set up by its own side. */
  readonly up: boolean;
  /** And the other side is, too. */
  readonly carrier: boolean;
  /** Like "10.9.0.1/24". */
  readonly addresses: readonly string[];
}

/** What `ip -j addr` tells of a namespace, by interface name. */
export type ObservedLinks = ReadonlyMap<string, ObservedLink>;

/** Lays the cables that are missing, then gives every end its addresses, checksum setting and routes. */
export async function ensureLinks(lab: LabContext): Promise<readonly Cable[]> {
  const observed = await observeLinks(lab);
  const missing = CABLES.filter(
    ({ a, b }) => !observed.get(a.ns)?.has(a.name) || !observed.get(b.ns)?.has(b.name),
  );
  if (missing.length > 0) {
    await removeLooseEnds(lab, observed, missing);
    const lines = missing.map((cable) => layCable(lab, cable));
    await batch(lab, undefined, lines);
  }
  const laid = missing.length > 0 ? await observeLinks(lab) : observed;
  // A new cable has new MAC addresses, and who still knows the old ones sends to nobody for half a minute.
  const forget = (ns: Namespace) => runOk(["ip", "-n", netnsName(lab, ns), "neigh", "flush", "all"]);
  if (missing.length > 0) await Promise.all(NAMESPACES.map(forget));
  await Promise.all(
    NAMESPACES.map(async (ns) => {
      const lines = configureLines(ns, laid.get(ns) ?? new Map());
      if (lines.length > 0) await batch(lab, ns, lines);
    }),
  );
  // Each time, like the addresses: a cable that is there may stem from an `up` killed before it came this far.
  const ends = CABLES.flatMap(({ a, b }) => [a, b]).filter((end) => end.txChecksumOff === true);
  await Promise.all(ends.map((end) => turnChecksumOffloadOff(lab, end)));
  return missing;
}

export async function observeLinks(lab: LabContext): Promise<ReadonlyMap<Namespace, ObservedLinks>> {
  const seen = await Promise.all(
    NAMESPACES.map(async (ns) => [ns, await observeNamespace(lab, ns)] as const),
  );
  return new Map(seen);
}

export async function observeNamespace(lab: LabContext, ns: Namespace): Promise<ObservedLinks> {
  const { stdout } = await runOk(["ip", "-n", netnsName(lab, ns), "-j", "addr"], { signal: lab.signal });
  const links = JSON.parse(stdout) as readonly {
    readonly ifname?: string;
    readonly flags?: readonly string[];
    readonly operstate?: string;
    readonly addr_info?: readonly {
      readonly family: string;
      readonly local: string;
      readonly prefixlen: number;
    }[];
  }[];
  return new Map(
    links.flatMap((link) =>
      link.ifname === undefined
        ? []
        : [
            [
              link.ifname,
              {
                up: link.flags?.includes("UP") ?? false,
                carrier: link.operstate === "UP" && (link.flags?.includes("LOWER_UP") ?? false),
                addresses: (link.addr_info ?? [])
                  .filter((info) => info.family === "inet")
                  .map((info) => `${info.local}/${info.prefixlen}`),
              },
            ] as const,
          ],
    ),
  );
}

/**
 * A veth computes no checksum for what the local stack sends: the receiving kernel knows that and
 * does not look. Open vSwitch's netdev datapath, the relay and a raw-socket VNF cannot know.
 */
async function turnChecksumOffloadOff(lab: LabContext, end: CableEnd): Promise<void> {
  await runOk(inNamespace(lab, end.ns, ["ethtool", "-K", end.name, "tx", "off"]), { signal: lab.signal });
}

/** The far end of a cable may hang in a namespace that was deleted while a process still lives in it. */
async function removeLooseEnds(
  lab: LabContext,
  observed: ReadonlyMap<Namespace, ObservedLinks>,
  missing: readonly Cable[],
): Promise<void> {
  const ends = missing.flatMap(({ a, b }) => [a, b]);
  for (const { ns, name } of ends.filter((end) => observed.get(end.ns)?.has(end.name))) {
    await runOk(["ip", "-n", netnsName(lab, ns), "link", "del", name], { signal: lab.signal });
  }
}

function layCable(lab: LabContext, { a, b }: Cable): string {
  const end = (e: CableEnd) => `netns ${netnsName(lab, e.ns)}`;
  return `link add ${a.name} ${end(a)} type veth peer name ${b.name} ${end(b)}`;
}

function configureLines(ns: Namespace, observed: ObservedLinks): readonly string[] {
  const lines: string[] = [];
  const want = (name: string, addresses: readonly string[]) => {
    const has = observed.get(name)?.addresses ?? [];
    for (const address of addresses)
      if (!has.includes(address)) lines.push(`addr add ${address} dev ${name}`);
  };
  for (const end of CABLES.flatMap(({ a, b }) => [a, b]).filter((candidate) => candidate.ns === ns)) {
    want(end.name, end.addresses ?? []);
    if (observed.get(end.name)?.up !== true) lines.push(`link set ${end.name} up`);
  }
  if (ns === "inet") {
    const hosts = [...ORIGINS.map((origin) => origin.address), ADDRESSES.controller];
    want(
      "lo",
      hosts.map((address) => `${address}/32`),
    );
  }
  // Routes go when their link goes, and no listing tells cheaply: `replace` does nothing when all is there.
  for (const { ns: at, route } of ROUTES) if (at === ns) lines.push(`route replace ${route}`);
  return lines;
}

async function batch(lab: LabContext, ns: Namespace | undefined, lines: readonly string[]): Promise<void> {
  const where = ns === undefined ? [] : ["-n", netnsName(lab, ns)];
  await runOk(["ip", ...where, "-batch", "-"], { input: `${lines.join("\n")}\n`, signal: lab.signal });
}
