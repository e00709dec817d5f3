/**
 * The GTP elements memory to memory, with 1, 16384 and 1048576 sessions: packets of which each is of another UE, drawn at random, go
 * round through a Queue. The same round without the GTP elements is measured too, and taken off.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openControlSocket } from "../../agent/drivers/click/control-socket.js";
import { gpdu, ipv4, quoted, udp } from "../click/packets.js";
import { cpuNs, exited, RuntimeError, untilGreeting } from "../click/runtimes.js";

const WEB = [10, 20, 0, 2] as const;
const UE = [172, 16, 0, 1] as const;
const BODY = Buffer.alloc(36, 0x78);
const INNER_UP = ipv4(17, UE, WEB, udp(40000, 80, BODY));
const INNER_DOWN = ipv4(17, WEB, UE, udp(80, 40000, BODY));
const UP = gpdu(INNER_UP, 7, true);
const DOWN = gpdu(INNER_DOWN, 8, false);
/** Ethernet, IPv4, UDP and GTP-U before the inner packet. */
const OUTER_BYTES = 14 + 20 + 8 + 8;

export interface Sessions {
  /** In names of results. */
  readonly name: string;
  readonly count: number;
  readonly prefix: string;
}

export const SESSIONS: readonly Sessions[] = [
  { name: "1", count: 1, prefix: "172.16.0.1/32" },
  { name: "10k", count: 1 << 14, prefix: "172.16.0.0/18" },
  { name: "1M", count: 1 << 20, prefix: "172.16.0.0/12" },
];

export type Work = "encap" | "decap" | "breakout";

/** What a packet goes through, and through what without the GTP elements. `{random}` gives it another UE. */
const WORKS: Readonly<
  Record<Work, { readonly packet: Buffer; readonly with: string; readonly without: string }>
> = {
  decap: {
    packet: UP,
    with: `${randomUe(OUTER_BYTES + 12)} decap :: GTPDecap(t, UPLINK) -> GTPRestore -> q; decap[1] -> Discard;`,
    without: `${randomUe(OUTER_BYTES + 12)} q;`,
  },
  encap: {
    packet: INNER_DOWN,
    with: `${randomUe(16)} MarkIPHeader -> encap :: GTPEncap(t) -> Strip(${OUTER_BYTES}) -> q; encap[1] -> q;`,
    without: `${randomUe(16)} MarkIPHeader -> q;`,
  },
  // Out of the tunnel, turned round as a server would, into the tunnel again; its head is put back for the next round.
  breakout: {
    packet: UP,
    with: `${randomUe(OUTER_BYTES + 12)} decap :: GTPDecap(t, UPLINK); decap[1] -> Discard;
decap[0] -> rule :: IPClassifier(udp and (dst port 80 or dst port 443), -); rule[0] -> [0] steer :: GTPBreakout(t); rule[1] -> [1] steer; steer[1] -> GTPRestore -> q;
steer[0] -> IPMirror -> encap :: GTPEncap(t); encap[1] -> Unstrip(${OUTER_BYTES}) -> ${again()} q; encap[0] -> ${again()} q;`,
    without: `${randomUe(OUTER_BYTES + 12)} Strip(${OUTER_BYTES}) -> MarkIPHeader -> IPMirror -> Unstrip(${OUTER_BYTES}) -> ${again()} q;`,
  },
};

function randomUe(offset: number): string {
  return `SetRandIPAddress({prefix}) -> StoreIPAddress(${offset}) ->`;
}

function again(): string {
  return `StoreData(0, ${quoted(UP.subarray(0, OUTER_BYTES + 28))}) ->`;
}

/** Before the round, each UE is seen from both sides: eight draws a UE leave out one in three thousand, whose packets go round as they are. */
function configuration(work: Work, path: string, { count, prefix }: Sessions): string {
  const draws = count === 1 ? 1 : 8 * count;
  const { packet } = WORKS[work];
  return `t :: GTPTable(CAPACITY 1048576, FLOWS 1048576);
up :: InfiniteSource(DATA ${quoted(UP)}, LIMIT ${draws}, BURST 32, TIMESTAMP false) -> ${randomUe(OUTER_BYTES + 12)} u :: GTPDecap(t, UPLINK) -> seenUp :: Counter -> Discard; u[1] -> Discard;
down :: InfiniteSource(DATA ${quoted(DOWN)}, LIMIT ${draws}, BURST 32, TIMESTAMP false, ACTIVE false) -> ${randomUe(OUTER_BYTES + 16)} d :: GTPDecap(t, DOWNLINK) -> seenDown :: Counter -> Discard; d[1] -> Discard;
go :: InfiniteSource(DATA ${quoted(packet)}, LIMIT 256, BURST 256, TIMESTAMP false, ACTIVE false) -> EtherEncap(0x0800, 2:0:0:0:0:1, 2:0:0:0:0:2) -> Strip(14) -> q :: Queue(1000);
q -> n :: Unqueue(BURST 32) -> ${path}`.replaceAll("{prefix}", prefix);
}

interface Measured {
  readonly ns: number;
  readonly residentMB: number;
}

/** CPU time a packet, over `seconds`, of one process that runs nothing else. Errors: `RuntimeError`. */
async function measure(program: string, text: string, draws: number, seconds: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "bench-gtp-"));
  const path = join(folder, "control");
  const child = spawn(program, ["-u", path, "-e", text], { stdio: ["ignore", "ignore", "inherit"] });
  try {
    await untilGreeting(child, path);
    const signal = AbortSignal.timeout(120_000);
    const control = await openControlSocket(path, signal);
    const number = async (handler: string): Promise<number> => Number(await control.read(handler, signal));
    const until = async (handler: string, count: number): Promise<void> => {
      while ((await number(handler)) < count) await delay(20);
    };
    await until("seenUp.count", draws);
    await control.write("down.active", "true", signal);
    await until("seenDown.count", draws);
    await control.write("go.active", "true", signal);
    await until("n.count", 2 * draws + 100_000); // flows are entered in this time
    const pid = child.pid ?? 0;
    const [cpuBefore, before] = [cpuNs(pid), await number("n.count")];
    await delay(seconds * 1000);
    const [cpuAfter, after] = [cpuNs(pid), await number("n.count")];
    if (after <= before) throw new RuntimeError(`${program}: no packet came round`);
    const resident = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "latin1"))?.[1];
    control.close();
    return { ns: (cpuAfter - cpuBefore) / (after - before), residentMB: Number(resident) / 1024 };
  } finally {
    child.kill("SIGTERM");
    await exited(child);
    await rm(folder, { recursive: true, force: true });
  }
}

/** ns a packet of the GTP elements alone, and the memory of the process with so many sessions in MB. */
export async function gtpNs(
  program: string,
  work: Work,
  sessions: Sessions,
  seconds: number,
): Promise<Measured> {
  const draws = sessions.count === 1 ? 1 : 8 * sessions.count;
  const full = await measure(program, configuration(work, WORKS[work].with, sessions), draws, seconds);
  const bare = await measure(
    program,
    configuration(work, WORKS[work].without, { ...sessions, count: 1 }),
    1,
    seconds,
  );
  return { ns: full.ns - bare.ns, residentMB: full.residentMB };
}
