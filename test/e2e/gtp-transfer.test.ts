/**
 * The breakout image between Osmocom's SGSN emulator and its GGSN, nothing of LightMANO around it but how the agent declares its
 * ports: large transfers of two UEs, with full packets that leave as outer fragments, arrive whole at whom they are meant for.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { type ControlSocket, openControlSocket } from "../../agent/drivers/click/control-socket.js";
import { composeScript, parameterArguments } from "../../agent/drivers/click/script.js";
import { startCapture } from "../../lab/capture.js";
import { runIn } from "../../lab/context.js";
import { pdpContexts } from "../../lab/ggsn-console.js";
import { startProcess, waitReady } from "../../lab/processes.js";
import { readCapture } from "../../lab/testing/tshark.js";
import { makeTunnelSite, PORT_DEVICES, type TunnelSite } from "../../lab/testing/tunnel-site.js";
import { UES, type UeName } from "../../lab/topology.js";
import { waitUntil } from "../../lab/wait.js";
import { labTest, root } from "../support/lab.js";
import { LCLICK, lvnf } from "../support/real-click.js";

const BROKEN_OUT = 80;
const PASSED = 5001;
const HANDLERS = [
  "sessions.sessions",
  "sessions.stats",
  "uplink.counts",
  "downlink.counts",
  "steer.breakout",
  "steer.core",
  "encap.count",
  "from_ran/four.dump",
  "from_core/four.dump",
  "to_ran/four.fragments",
  "to_core/four.fragments",
  "fast.status",
  "fast.stats",
];

/** lclick with the image of the example, as the agent would run it. */
async function startBreakout(
  site: TunnelSite,
  parameters: Readonly<Record<string, string>>,
): Promise<ControlSocket> {
  const script = await readFile(join(root, "examples/mobile-edge-cache/gtp-breakout.click"), "utf8");
  const ports = PORT_DEVICES.map((device, order) => ({
    bridgeDevice: device,
    functionDevice: device,
    interfaceName: device,
    point: { name: device, order, macAddress: null, ipAddress: null, routes: [], redirects: [] },
  }));
  const composed = composeScript(lvnf("gtp-breakout", script, { ports }));
  const socket = join(site.lab.paths.runDir, "click.sock");
  const words = parameterArguments(parameters);
  const argv = [LCLICK, "--seccomp=on", "-u", socket, "-e", composed, ...words];
  const click = await startProcess(site.lab, { name: "lclick", ns: "edge", argv });
  const open = () => openControlSocket(socket, AbortSignal.timeout(5_000)).catch(() => undefined);
  return waitReady(site.lab, click, "lclick answers", open);
}

interface Case {
  readonly name: string;
  readonly hub: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  /** To transfer, of what passes and of what is broken out. */
  readonly megabytes: { readonly passed: number; readonly brokenOut: number };
}

/** 100 MB everywhere takes a quarter of an hour: it is for the cases with this in their name. */
const WHOLLY = process.env.GTP_TRANSFER;
const most = (passed: number, brokenOut: number) =>
  WHOLLY === undefined ? { passed, brokenOut } : { passed: 100, brokenOut: 100 };
const own = { SEQUENCE: "own" };

const CASES: readonly Case[] = [
  { name: "in the process alone", hub: false, parameters: { FASTPATH: "off" }, megabytes: most(100, 100) },
  { name: "with the fast path", hub: false, parameters: { FASTPATH: "auto" }, megabytes: most(20, 100) },
  {
    name: "with the fast path and segments that fit",
    hub: false,
    parameters: { FASTPATH: "auto", MSS: "1420" },
    megabytes: most(20, 100),
  },
  {
    name: "through a hub, in the process alone",
    hub: true,
    parameters: { FASTPATH: "off", ...own },
    megabytes: most(4, 4),
  },
  {
    name: "through a hub, with the fast path",
    hub: true,
    parameters: { FASTPATH: "auto", ...own },
    megabytes: most(4, 4),
  },
];

interface Planned {
  readonly ue: UeName;
  readonly direction: "up" | "down";
}

/** Two at a time, one each way. */
const PAIRS: readonly (readonly Planned[])[] = [
  [
    { ue: "ue1", direction: "down" },
    { ue: "ue2", direction: "up" },
  ],
  [
    { ue: "ue1", direction: "up" },
    { ue: "ue2", direction: "down" },
  ],
];

const read = (control: ControlSocket, handler: string) =>
  control.read(handler, AbortSignal.timeout(5_000)).catch((error: Error) => error.message);

async function transferWhole(
  t: Test,
  site: TunnelSite,
  control: ControlSocket,
  { ue, direction }: Planned,
  port: number,
  bytes: number,
) {
  const what = `${ue} ${direction} ${port === BROKEN_OUT ? "broken out" : "passed"}`;
  const seen = await site.transfer(ue, direction, port, bytes);
  const whole = seen.error === undefined && seen.here === seen.there && seen.moved === bytes;
  t.comment(
    `${what}: ${bytes / 1e6} MB, ${(seen.ms / 1000).toFixed(1)} s, ${(seen.moved / 125 / seen.ms).toFixed(0)} Mb/s`,
  );
  t.ok(whole, `${what}: whole`, whole ? {} : { seen, ...(await diagnosis(site, control, ue)) });
  t.equal(seen.server, port === BROKEN_OUT ? "local" : "origin", `${what}: by the right server`);
}

async function diagnosis(site: TunnelSite, control: ControlSocket, ue: UeName) {
  const answers: [string, string][] = [];
  for (const handler of HANDLERS) answers.push([handler, await read(control, handler)]);
  return { function: Object.fromEntries(answers), kernel: await site.diagnose(ue) };
}

/** A full packet of each UE: what it looks like on S1, and the core's answer, without which nothing can be broken out. */
async function showTunnels(t: Test, site: TunnelSite, hub: boolean) {
  const capture = await startCapture(site.lab, "enb", "s1", "udp port 2152 or ip[6:2] & 0x3fff != 0");
  for (const ue of UES) {
    const ping = await runIn(site.lab, ue, ["ping", "-c1", "-W5", "-s1472", "172.16.222.1"]);
    t.equal(ping.code, 0, `${ue}: the EPC answers a full packet`, { stdout: ping.stdout });
  }
  // tcpdump ends with what it has read, which may not be all there was yet.
  const seen = async () =>
    (await readCapture(capture.path, "ip.flags.mf == 1", ["ip.id"]).catch(() => [])).length >= 4;
  await waitUntil("each full packet and its answer is seen in fragments", seen, { timeoutMs: 20_000 });
  const path = await capture.stop();
  const fields = ["ip.src", "gtp.flags", "gtp.teid"];
  const rows = await readCapture(path, "gtp.message == 0xff && ip.dst == 10.9.0.2", fields);
  const senders = rows.map(([address = "", flags, teid]) => [address.split(",")[0], flags, Number(teid)]);
  const contexts = [...(await pdpContexts(site.lab))].sort((a, b) => a.imsi.localeCompare(b.imsi));
  const expected = contexts.map(({ enbAddress, uplinkTeid }, ue) => [
    enbAddress,
    !hub && ue === 0 ? "0x30" : "0x32",
    uplinkTeid,
  ]);
  t.equal(new Set(contexts.map(({ uplinkTeid }) => uplinkTeid)).size, 2, "two tunnels");
  t.same(senders, expected, "the UEs' G-PDUs are with and without sequence number, each in its tunnel");
}

for (const { name, hub, parameters, megabytes } of CASES.filter(({ name }) => name.includes(WHOLLY ?? "")))
  t.test(name, labTest(WHOLLY === undefined ? 240_000 : 1_200_000, "build/click/lclick"), async (t) => {
    const site = await makeTunnelSite("lmg-", root, { hub, ports: [BROKEN_OUT, PASSED] });
    t.teardown(site.remove);
    const control = await startBreakout(site, parameters);
    t.teardown(() => control.close());
    for (const ue of UES) await site.attach(ue);
    await showTunnels(t, site, hub);

    const transfers = async (port: number, bytes: number) => {
      // The hub, which gets slower and slower, starves one of two: there it is one at a time.
      for (const together of hub ? PAIRS.flat().map((planned) => [planned]) : PAIRS)
        await Promise.all(together.map((planned) => transferWhole(t, site, control, planned, port, bytes)));
    };
    await transfers(PASSED, megabytes.passed * 1e6);
    const cutBefore = Number(await read(control, "to_ran/four.fragments"));
    const reassembled = await read(control, "from_ran/four.dump");
    await transfers(BROKEN_OUT, megabytes.brokenOut * 1e6);

    t.match(await read(control, "from_ran/four.dump"), /failed reassemblies: 0\nbad fragments seen: +0\n/);
    t.match(await read(control, "from_core/four.dump"), /failed reassemblies: 0\nbad fragments seen: +0\n/);
    if (parameters.MSS !== undefined) {
      t.equal(Number(await read(control, "to_ran/four.fragments")), cutBefore, "no reply had to be cut");
      t.equal(await read(control, "from_ran/four.dump"), reassembled, "nothing broken out came in fragments");
    }
    const status = await read(control, "fast.status");
    t.comment(`fast path ${status.trim()}; ${await read(control, "fast.hits")} packets in the kernel`);
    if (status.startsWith("active"))
      t.ok(Number(await read(control, "fast.hits")) > 1000, "the kernel takes part");
  });
