import t from "tap";
import type { Flow } from "../../../agent/domain/observed.js";
import { flowMods } from "../../../agent/drivers/ovs/flow-mods.js";
import type { Json } from "../../../agent/drivers/ovs/json-rpc.js";
import {
  cookieText,
  createOpenFlowFramer,
  message,
  readFlowStatistics,
} from "../../../agent/drivers/ovs/openflow-messages.js";
import { createReplica } from "../../../agent/drivers/ovs/replica.js";
import {
  addPortsOperations,
  ensureBridgeOperations,
  stalePorts,
} from "../../../agent/drivers/ovs/transactions.js";

t.test("cookies are written in one way", async (t) => {
  t.equal(cookieText("0x1f"), "0x000000000000001f");
  t.equal(cookieText("0xFEDCBA9876543210"), "0xfedcba9876543210");
  t.equal(cookieText(0xffffffffffffffffn), "0xffffffffffffffff");
});

t.test("a bundle removes first, by cookie in all tables, then adds", async (t) => {
  const flow = {
    cookie: "0xa",
    table: 2,
    priority: 7,
    match: "in_port=1,udp,tp_dst=8/0xfff8",
    actions: "output:3",
  };
  const [removal, addition, ...more] = flowMods([flow], ["0xb"]);
  t.same(more, []);
  // struct ofp_flow_mod: cookie and mask, then table 255 (all) and command 3 (delete); any port, any group, any match.
  t.equal(
    removal?.body.toString("hex"),
    `${"000000000000000b"}${"ffffffffffffffff"}ff03${"00000000"}0000${"ffffffff".repeat(3)}${"00000000"}0001000400000000`,
  );
  const port = "8000000400000001";
  const udp = "80000a0208008000140111";
  const to8 = "80002104".concat("0008", "fff8");
  const actions = "0004001800000000".concat("00000010", "00000003", "0000000000000000");
  t.equal(
    addition?.body.toString("hex"),
    `000000000000000a${"0".repeat(16)}0200${"00000000"}0007${"ffffffff".repeat(3)}${"00000000"}0001001f${port}${udp}${to8}00${actions}`,
  );
});

t.test("a flow that cannot be said is refused with the word that is not known", async (t) => {
  const flow: Flow = { cookie: "0xa", table: 0, priority: 7, match: "", actions: "drop" };
  const refusals: readonly (readonly [Partial<Flow>, RegExp])[] = [
    [{ match: "in_port=1,udp\nflow delete" }, /"udp\\nflow delete" is no match/],
    [{ match: "metadata=1" }, /"metadata=1" is no match that is known here/],
    [{ match: "in_port=65536" }, /"65536" is no number from 0 to 65535/],
    [{ match: "in_port=1,in_port=2" }, /in_port=2 says again/],
    [{ match: "tcp,udp" }, /udp says again/],
    [{ match: "ip,tp_dst=80" }, /"tp_dst=80" is no match/],
    [{ match: "toString" }, /"toString" is no match/],
    [{ match: "ip,nw_src=10.0.0" }, /"10.0.0" is no IPv4 address/],
    [{ match: "ip,nw_src=10.0.0.0/33" }, /"33" is no number from 0 to 32/],
    [{ match: "ip,nw_src=10.0.0.0/8/8" }, /"8\/8" is no number/],
    [{ match: "ipv6,ipv6_dst=fe80::1%eth0" }, /is no IPv6 address/],
    [{ match: "dl_src=0a:00:00:00:00" }, /is no Ethernet address/],
    [{ match: "udp,tp_dst=1/" }, /"" is no number/],
    [{ actions: "group:7" }, /"group:7" is no action that is known here/],
    [{ actions: "output:3," }, /"" is no action/],
  ];
  for (const [bad, detail] of refusals)
    t.throws(() => flowMods([{ ...flow, ...bad }], []), { code: "ovs.failed", detail }, JSON.stringify(bad));
});

t.test("OpenFlow messages are cut by their length, wherever the stream is split", async (t) => {
  const messages = [
    message(0, 1, Buffer.alloc(0)),
    message(19, 2, Buffer.from("abcdef")),
    message(2, 3, Buffer.from("z")),
  ];
  const stream = Buffer.concat(messages);
  for (let size = 1; size <= stream.length; size++) {
    const frames = createOpenFlowFramer();
    const seen: Buffer[] = [];
    for (let at = 0; at < stream.length; at += size) seen.push(...frames(stream.subarray(at, at + size)));
    t.strictSame(
      seen.map((bytes) => bytes.toString("hex")),
      messages.map((bytes) => bytes.toString("hex")),
    );
  }
  t.throws(() => createOpenFlowFramer()(Buffer.alloc(8)), /length 0/);
});

t.test("reads cookie, packets and bytes of each flow", async (t) => {
  const entry = (cookie: bigint, packets: bigint, bytes: bigint, matchBytes: number) => {
    const flow = Buffer.alloc(48 + matchBytes);
    flow.writeUInt16BE(flow.length, 0);
    flow.writeBigUInt64BE(cookie, 24);
    flow.writeBigUInt64BE(packets, 32);
    flow.writeBigUInt64BE(bytes, 40);
    return flow;
  };
  t.strictSame(
    readFlowStatistics(Buffer.concat([entry(1n, 2n, 3n, 8), entry(0xfedcba9876543210n, 5n, 6n, 40)])),
    [
      { cookie: "0x0000000000000001", packets: 2, bytes: 3 },
      { cookie: "0xfedcba9876543210", packets: 5, bytes: 6 },
    ],
  );
});

const uuid = (name: string) => ["uuid", name];
const port = (name: string, ids: readonly (readonly [string, string])[] = []) => ({
  new: { name, external_ids: ["map", ids], interfaces: uuid(`i-${name}`) },
});
const netdev = (name: string, ofport: Json, ifindex: Json) => ({
  new: { name, ofport, error: ["set", []], link_state: "up", ifindex },
});

function exampleReplica() {
  const replica = createReplica();
  replica.reset({
    Open_vSwitch: { root: { new: { cur_cfg: 3, next_cfg: 3, ovs_version: "3.1.0", bridges: uuid("b") } } },
    Bridge: {
      b: {
        new: {
          name: "br0",
          datapath_type: "netdev",
          fail_mode: "secure",
          protocols: ["set", ["OpenFlow10", "OpenFlow14"]],
          external_ids: ["map", [["lightmano", "1"]]],
          ports: ["set", [uuid("p0"), uuid("p1"), uuid("p2")]],
        },
      },
    },
    Port: {
      p0: port("p0"),
      p1: port("p1", [["lightmano-ifindex", "7"]]),
      p2: port("p2", [["lightmano-ifindex", "8"]]),
    },
    Interface: {
      "i-p0": netdev("p0", ["set", []], ["set", []]),
      "i-p1": netdev("p1", 1, 7),
      "i-p2": netdev("p2", 2, 9),
    },
  });
  return replica;
}

t.test("the replica reads sets of one, empty sets, maps and references", async (t) => {
  const replica = exampleReplica();
  const { version, curCfg, bridges } = replica.rows();
  t.strictSame([version, curCfg, bridges.get("br0")?.externalIds], ["3.1.0", 3, { lightmano: "1" }]);
  t.match(bridges.get("br0")?.ports.get("p0"), { ofport: null, ifindex: null, error: null });
  t.match(bridges.get("br0")?.ports.get("p1"), { ofport: 1, ifindex: 7, externalIds: {} });
  replica.update({ Bridge: { b: { old: {} } }, Open_vSwitch: { root: { new: { bridges: ["set", []] } } } });
  t.equal(replica.rows().bridges.size, 0);
});

t.test("a device of the same name but another index is not the one that is bound", async (t) => {
  const rows = exampleReplica().rows();
  t.equal(rows.bridges.get("br0")?.ports.get("p2")?.ifindex, 0);
  const ports = ["p0", "p1", "p2", "p3"].map((name) => ({ name, externalIds: {} }));
  t.strictSame(stalePorts(rows, "br0", ports), ["p2"]);
});

t.test("nothing is written where nothing differs", async (t) => {
  const rows = exampleReplica().rows();
  const spec = { name: "br0", datapathType: "netdev", externalIds: { lightmano: "1" } } as const;
  t.strictSame(ensureBridgeOperations(rows, spec), []);
  t.match(ensureBridgeOperations(rows, { ...spec, datapathType: "system" }), [
    { op: "wait" },
    { op: "update", row: { datapath_type: "system" } },
  ]);
  t.strictSame(addPortsOperations(rows, "br0", [{ name: "p1", externalIds: {} }]), []);
});
