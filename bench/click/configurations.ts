/**
 * The configurations that `bench:click` runs memory to memory. Each is plain Click, the same text for every runtime, but for
 * GTP-U, which upstream has not and FastClick spells otherwise. Packets either go round through a Queue, 256 of them
 * with bytes of their own, or come from sources and end in Discard; they are handed on 32 at a time where the runtime can.
 */
import { gpdu, ipv4, quoted, udp } from "./packets.js";

export type Runtime = "lclick" | "click" | "fastclick";

export interface Configuration {
  readonly name: string;
  /** What is measured, for the table. */
  readonly note: string;
  /** Without one, the runtime cannot run it. */
  readonly text: Readonly<Partial<Record<Runtime, string>>>;
  /** A read handler that counts packets. */
  readonly counter: string;
}

const INNER_BYTES = 64;

const everywhere = (text: string) => ({ lclick: text, click: text, fastclick: text });

const datagram = (destination: readonly number[], port: number): Buffer =>
  ipv4(17, [10, 0, 0, 1], destination, udp(1234, port, Buffer.alloc(INNER_BYTES - 28, 0x78)));

/** Packets with bytes of their own (an encapsulation has copied them) that go round through a Queue. */
const ring = (packet: Buffer, path: string): string => `
InfiniteSource(DATA ${quoted(packet)}, LIMIT 256, BURST 256, TIMESTAMP false)
  -> UDPIPEncap(1.0.0.1, 1, 2.0.0.2, 2, CHECKSUM false) -> Strip(28) -> q :: Queue(1000);
q -> u :: Unqueue(BURST 32) -> ${path} -> q;`;

const RULES = 50;
const OUTPUTS = Array.from({ length: RULES }, (_, i) => i);

/** Only the last of the rules matches. */
const classifier = `
${ring(datagram([10, 5, 0, 9], 5000), "CheckIPHeader -> rules")
  .replace(/ -> q;$/, ";")
  .replace(
    "rules;",
    `rules :: IPClassifier(${OUTPUTS.map((i) => `dst port ${i < RULES - 1 ? 5001 + 2 * i : 5000}`).join(", ")});`,
  )}
joined :: Null -> q;
${OUTPUTS.map((i) => `rules[${i}] -> joined;`).join("\n")}`;

const PORTS = Array.from({ length: 8 }, (_, i) => i);

/** Packets for the eight ports mixed, one after another; each port has what a router's port has in Click's papers. */
const router = `
mix :: RoundRobinSched;
${PORTS.map((i) => `InfiniteSource(DATA ${quoted(datagram([10, i, 0, 9], 5000))}, TIMESTAMP false) -> [${i}] mix;`).join("\n")}
mix -> u :: Unqueue(BURST 32) -> CheckIPHeader -> routes :: RadixIPLookup(${PORTS.map((i) => `10.${i}.0.0/16 ${i}`).join(", ")});
out :: Discard;
${PORTS.map(
  (
    i,
  ) => `routes[${i}] -> DropBroadcasts -> options${i} :: IPGWOptions(10.${i}.0.1) -> FixIPSrc(10.${i}.0.1) -> ttl${i} :: DecIPTTL
  -> fragment${i} :: IPFragmenter(1500) -> EtherEncap(0x0800, 2:0:0:0:${i}:1, 2:0:0:0:${i}:2) -> out;
options${i}[1] -> Discard; ttl${i}[1] -> Discard; fragment${i}[1] -> Discard;`,
).join("\n")}`;

const nat = `
InfiniteSource(DATA ${quoted(datagram([10, 5, 0, 9], 5000))}, BURST 32, TIMESTAMP false) -> u :: CheckIPHeader
  -> rw :: IPRewriter(pattern 192.0.2.1 1024-65535 - - 0 0) -> out :: Discard;`;

const gtpInner = datagram([10, 5, 0, 9], 5000);
const gtp = {
  lclick: `
table :: GTPTable(CAPACITY 1000);
${ring(gpdu(gtpInner), "GTPU").replace("GTPU -> q;", "decap :: GTPDecap(table, UPLINK); decap[1] -> q;")}
decap[0] -> rule :: IPClassifier(tcp and (dst port 80 or dst port 443), -);
rule[0] -> [0] steer :: GTPBreakout(table); rule[1] -> [1] steer;
steer[0] -> Discard; steer[1] -> GTPRestore -> q;`,
  fastclick: `
${ring(gpdu(gtpInner), "GTPU").replace("GTPU -> q;", "Strip(14) -> CheckIPHeader -> outer :: IPClassifier(udp dst port 2152, -); outer[1] -> Discard;")}
outer[0] -> Strip(28) -> GTPDecap -> CheckIPHeader -> rule :: IPClassifier(tcp and (dst port 80 or dst port 443), -);
rule[0] -> Discard; rule[1] -> GTPEncap(7) -> UDPIPEncap(172.16.0.1, 2152, 172.16.0.2, 2152, CHECKSUM false)
  -> EtherEncap(0x0800, 2:0:0:0:0:1, 2:0:0:0:0:2) -> q;`,
};

export const CONFIGURATIONS: readonly Configuration[] = [
  {
    name: "source",
    note: "InfiniteSource to Discard",
    text: everywhere(`
InfiniteSource(DATA ${quoted(datagram([10, 5, 0, 9], 5000))}, BURST 32, TIMESTAMP false) -> out :: Discard;`),
    counter: "out.count",
  },
  {
    name: "ring",
    note: "round through a Queue",
    text: everywhere(ring(datagram([10, 5, 0, 9], 5000), "Null")),
    counter: "u.count",
  },
  {
    name: "classify",
    note: `CheckIPHeader, IPClassifier with ${RULES} rules, the last matches`,
    text: everywhere(classifier),
    counter: "u.count",
  },
  { name: "router", note: "IP router of 8 ports", text: everywhere(router), counter: "u.count" },
  {
    name: "nat",
    note: "IPRewriter, one flow; each packet is copied",
    text: everywhere(nat),
    counter: "out.count",
  },
  {
    name: "udpencap",
    note: "UDPIPEncap with checksum, Strip",
    text: everywhere(
      ring(datagram([10, 5, 0, 9], 5000), "UDPIPEncap(1.0.0.1, 1, 2.0.0.2, 2, CHECKSUM true) -> Strip(28)"),
    ),
    counter: "u.count",
  },
  { name: "gtpu", note: "GTP-U ended, looked at, and sent on in its tunnel", text: gtp, counter: "u.count" },
];
