/**
 * Super frames through the breakout's fast path at traffic control: 64 KB of TCP at once, as kernels send it that have a device cut it. Transfers
 * arrive whole; and where the tunnel leaves the machine, each packet of it is what it says.
 */
import { join } from "node:path";
import t, { type Test } from "tap";
import { ADDRESSES, offload, routeEnds, TCP_CABLES, withBed } from "../../bench/gtp/bed.js";
import { readHandler, startBreakout } from "../../bench/gtp/breakout.js";
import { startKernelEncapsulator } from "../../bench/gtp/encapsulator.js";
import { startCapture } from "../../lab/capture.js";
import { runOk } from "../../lab/command.js";
import { inNamespace, type LabContext, runIn } from "../../lab/context.js";
import { logHas, startProcess, waitReady } from "../../lab/processes.js";
import { readCapture } from "../../lab/testing/tshark.js";
import type { Namespace } from "../../lab/topology.js";
import { labTest, root } from "../support/lab.js";

const BYTES = 100e6;
const PORT = "80";
const PEER = join(root, "lab/testing/transfer-peer.mjs");
/** What a test runner wants of its own Node processes only. */
const PLAIN_NODE = { NODE_OPTIONS: "", NODE_V8_COVERAGE: "" };
const STALL_MS = "10000";

interface Side {
  readonly packets: number;
  readonly bytes: number;
  readonly up: Readonly<Record<string, number>>;
}

async function transfer(t: Test, lab: LabContext, direction: "up" | "down"): Promise<void> {
  const words = [direction, ADDRESSES.server, PORT, String(BYTES), `super-${direction}`, STALL_MS];
  const argv = [process.execPath, PEER, ...words];
  const { stdout, stderr } = await runIn(lab, "ue1", argv, { env: PLAIN_NODE, timeoutMs: 60_000 });
  t.equal(stderr, "", direction);
  const seen = JSON.parse(stdout) as {
    readonly moved: number;
    readonly here: string;
    readonly there: string;
  };
  t.equal(seen.moved, BYTES, `${direction}: all of it`);
  t.equal(seen.there, seen.here, `${direction}: the same at both ends`);
}

/** Frames that came to a device, and how long they were on average. */
async function received(
  lab: LabContext,
  ns: Namespace,
  device: string,
): Promise<{ readonly frames: number; readonly bytes: number }> {
  const link = await runOk(inNamespace(lab, ns, ["ip", "-j", "-s", "link", "show", device]));
  const [
    {
      stats64: { rx },
    },
  ] = JSON.parse(link.stdout) as [
    { readonly stats64: { readonly rx: { readonly packets: number; readonly bytes: number } } },
  ];
  return { frames: rx.packets, bytes: rx.bytes };
}

async function withSite(
  superFrames: "whole" | "cut",
  use: (lab: LabContext, read: (handler: string) => Promise<string>) => Promise<void>,
): Promise<void> {
  await withBed(root, new AbortController().signal, TCP_CABLES, async (lab) => {
    await routeEnds(lab);
    const { control } = await startBreakout(lab, {
      parameters: { FASTPATH: "tc", FASTPATH_SUPER: superFrames },
    });
    await startKernelEncapsulator(lab);
    const argv = [process.execPath, PEER, "serve", "local", PORT];
    const server = await startProcess(lab, { name: "server", ns: "wan", argv, env: PLAIN_NODE });
    await waitReady(lab, server, "the server listens", () => logHas(server, "ready"));
    try {
      await use(lab, (handler) => readHandler(control, handler));
    } finally {
      control.close();
    }
  });
}

const sides = async (
  read: (handler: string) => Promise<string>,
): Promise<Readonly<Record<"ran" | "local", Side>>> => JSON.parse(await read("fast.stats"));

t.test("whole, from end to end", labTest(120_000, "build/click/gtp-enb"), (t) =>
  withSite("whole", async (lab, read) => {
    await Promise.all([transfer(t, lab, "up"), transfer(t, lab, "down")]);
    t.match(await read("fast.status"), /^active: ran ran tc, core core tc, local local tc/);
    const { ran, local } = await sides(read);
    t.ok(ran.bytes > 0.9 * BYTES && local.bytes > 0.9 * BYTES, "nearly all of it by the kernel", {
      ran,
      local,
    });
    t.equal(local.up.super, 0, "no super frame had to be cut by lclick");
    for (const [ns, device] of [
      ["enb", "s1"],
      ["wan", "local0"],
    ] as const) {
      const { frames, bytes } = await received(lab, ns, device);
      t.ok(bytes / frames > 3000, `${device}: ${Math.round(bytes / frames)} bytes a frame`);
    }
  }),
);

t.test("cut where the tunnel leaves", labTest(120_000, "build/click/gtp-enb"), (t) =>
  withSite("cut", async (lab, read) => {
    await offload(lab, "ue1", "ue0", "tso", "off", "gso", "off");
    // One in eight
    const capture = await startCapture(lab, "enb", "s1", `src host ${ADDRESSES.core} and ip[5] & 7 == 0`);
    await Promise.all([transfer(t, lab, "up"), transfer(t, lab, "down")]);
    const rows = await readCapture(await capture.stop(), "gtp", [
      "ip.len",
      "udp.length",
      "gtp.length",
      "tcp.len",
    ]);
    t.ok(rows.length > 3_000, `${rows.length} packets seen`);
    const wrong = rows.filter(([ip = "", udp, gtp]) => {
      const [outer, inner] = ip.split(",").map(Number);
      return (
        outer !== (inner ?? 0) + 36 || Number(udp) !== outer - 20 || Number(gtp) !== inner || outer > 1500
      );
    });
    t.same(wrong.slice(0, 3), [], "each says how long it is, and fits");
    const { ran, local } = await sides(read);
    t.ok(ran.bytes > 0.9 * BYTES, "nearly all of what comes by the kernel", { ran, local });
    // Of what goes, those whose last segment is shorter go up: how many, is a matter of TCP's windows.
    t.ok(local.packets > 1000, "and of what goes, what can be cut alike", { ran, local });
    const { super: _, ...others } = local.up;
    t.ok(Object.values(others).reduce((sum, n) => sum + n) < 1000, "nothing else goes up", { local });
    const { frames, bytes } = await received(lab, "edge", "local");
    t.ok(
      bytes / frames > 3000,
      `super frames came from the server: ${Math.round(bytes / frames)} bytes a frame`,
    );
  }),
);
