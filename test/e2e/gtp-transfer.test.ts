/**
 * The breakout image between Osmocom's SGSN emulator and its GGSN, nothing of LightMANO around it but how the agent declares its
 * ports: large transfers of two UEs, with full packets that leave as outer fragments, arrive whole at whom they are meant for.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { type ControlSocket, openControlSocket } from "../../agent/drivers/click/control-socket.js";
import { composeScript, parameterArguments } from "../../agent/drivers/click/script.js";
import { pdpContexts } from "../../lab/ggsn-console.js";
import { startProcess, waitReady } from "../../lab/processes.js";
import { makeTunnelSite, PORT_DEVICES, type TunnelSite } from "../../lab/testing/tunnel-site.js";
import { UES, type UeName } from "../../lab/topology.js";
import { labTest, root } from "../support/lab.js";
import { LCLICK, lvnf } from "../support/real-click.js";

const BYTES = 100_000_000;
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
}

const CASES: readonly Case[] = [
  { name: "in the process alone", hub: false, parameters: { FASTPATH: "off" } },
  { name: "with the kernel's fast path", hub: false, parameters: { FASTPATH: "auto" } },
  { name: "with segments that fit", hub: false, parameters: { FASTPATH: "auto", MSS: "1420" } },
  { name: "through a hub, in the process alone", hub: true, parameters: { FASTPATH: "off" } },
  { name: "through a hub, with the kernel's fast path", hub: true, parameters: { FASTPATH: "auto" } },
];

interface Planned {
  readonly ue: UeName;
  readonly direction: "up" | "down";
  readonly port: number;
}

/** Two at a time, one each way. A UE is known both ways, as breaking out needs, once the core has answered it: what passes comes first. */
const PLAN: readonly (readonly [Planned, Planned])[] = [PASSED, BROKEN_OUT].flatMap((port) => [
  [
    { ue: "ue1", direction: "down", port },
    { ue: "ue2", direction: "up", port },
  ],
  [
    { ue: "ue1", direction: "up", port },
    { ue: "ue2", direction: "down", port },
  ],
]);

const read = (control: ControlSocket, handler: string) =>
  control.read(handler, AbortSignal.timeout(5_000)).catch((error: Error) => error.message);

async function transferWhole(t: Test, site: TunnelSite, control: ControlSocket, planned: Planned) {
  const { ue, direction, port } = planned;
  const what = `${ue} ${direction} ${port === BROKEN_OUT ? "broken out" : "passed"}`;
  const seen = await site.transfer(ue, direction, port, BYTES);
  const whole = seen.error === undefined && seen.here === seen.there && seen.moved === BYTES;
  t.comment(`${what}: ${((seen.moved * 8) / 1000 / seen.ms).toFixed(0)} Mb/s, ${seen.ms.toFixed(0)} ms`);
  t.ok(whole, `${what}: whole`, whole ? {} : { seen, ...(await diagnosis(site, control, ue)) });
  t.equal(seen.server, port === BROKEN_OUT ? "local" : "origin", `${what}: by the right server`);
}

async function diagnosis(site: TunnelSite, control: ControlSocket, ue: UeName) {
  const answers: [string, string][] = [];
  for (const handler of HANDLERS) answers.push([handler, await read(control, handler)]);
  return { function: Object.fromEntries(answers), kernel: await site.diagnose(ue) };
}

for (const { name, hub, parameters } of CASES)
  t.test(name, labTest(120_000, "build/click/lclick"), async (t) => {
    const site = await makeTunnelSite("lmt-", root, { hub, ports: [BROKEN_OUT, PASSED] });
    t.teardown(site.remove);
    const control = await startBreakout(site, parameters);
    t.teardown(() => control.close());
    for (const ue of UES) await site.attach(ue);
    const contexts = await pdpContexts(site.lab);
    t.equal(new Set(contexts.map(({ uplinkTeid }) => uplinkTeid)).size, 2, "two tunnels");
    for (const pair of PLAN)
      await Promise.all(pair.map((planned) => transferWhole(t, site, control, planned)));
    for (const handler of HANDLERS) t.comment(handler, await read(control, handler));
  });
