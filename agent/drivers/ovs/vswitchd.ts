/**
 * Whether ovs-vswitchd answers, bridge by bridge, and the flows that it has there: one OpenFlow connection to
 * each bridge's management socket. An ovs-vswitchd that restarts has lost its flows but kept its ports; here
 * it shows at once, by the connection that closes.
 */
import { LightmanoError } from "../../../model/errors.js";
import { keepConnected, type LinkedSignal, linkSignal, type WaitClock } from "../wait.js";
import type { FlowMod } from "./flow-mods.js";
import { type OpenFlowSession, openOpenFlowSession } from "./openflow.js";
import type { FlowStatistics } from "./openflow-messages.js";

export interface BridgeState {
  readonly state: "starting" | "ready" | "degraded";
  readonly reason: string;
  /** null while ovs-vswitchd cannot be asked. */
  readonly flowCookies: ReadonlySet<string> | null;
}

export interface Vswitchd {
  /** Follows exactly these bridges from now on. */
  follow(bridges: ReadonlySet<string>): void;
  state(bridge: string): BridgeState;
  /** Reads the flows of a bridge now; the state has their cookies afterwards. */
  readFlows(bridge: string, signal: AbortSignal): Promise<readonly FlowStatistics[]>;
  /** Changes the flows of a bridge (openflow.ts); the state has their cookies afterwards. */
  changeFlows(bridge: string, mods: readonly FlowMod[], signal: AbortSignal): Promise<void>;
}

export interface VswitchdOptions {
  readonly runDir: string;
  readonly clock: WaitClock;
  readonly signal: AbortSignal;
  changed(): void;
  log(message: string): void;
}

/** A bridge that was just made has no socket for a few ms: that is not worth an alarm. */
const FAILURES_BEFORE_DEGRADED = 10;
/** Often: an attempt costs 0.2 ms, and until it succeeds no packet passes and nobody may repair it. */
const RECONNECT = { firstMs: 10, maxMs: 100 };

interface Followed {
  readonly life: LinkedSignal;
  session: OpenFlowSession | null;
  state: BridgeState;
  reading: Promise<readonly FlowStatistics[]> | null;
}

export function createVswitchd(options: VswitchdOptions): Vswitchd {
  const followed = new Map<string, Followed>();

  const sessionOf = ({ session, state }: Followed): OpenFlowSession => {
    if (session) return session;
    throw new LightmanoError("driver.unavailable", state.reason);
  };
  const known = (name: string): Followed => {
    const bridge = followed.get(name);
    if (bridge) return bridge;
    throw new LightmanoError("ovs.failed", `there is no bridge ${name}`);
  };

  /** Reads and records; a change that comes while reading is read again afterwards. */
  const readFlows = async (bridge: Followed, signal: AbortSignal) => {
    const session = sessionOf(bridge);
    const flows = await session.readFlows(signal);
    if (bridge.session === session) {
      const flowCookies = new Set(flows.map(({ cookie }) => cookie));
      const before = bridge.state;
      bridge.state = { state: "ready", reason: "", flowCookies };
      if (before.state !== "ready" || !sameSet(before.flowCookies, flowCookies)) options.changed();
    }
    return flows;
  };

  const followOne = (name: string): Followed => {
    const bridge: Followed = {
      life: linkSignal(options.signal),
      session: null,
      state: {
        state: "starting",
        reason: `connecting to ovs-vswitchd for bridge ${name}`,
        flowCookies: null,
      },
      reading: null,
    };
    const { signal } = bridge.life;
    let stale = false;
    const refresh = () => {
      stale = true;
      if (bridge.reading) return;
      stale = false;
      bridge.reading = readFlows(bridge, signal);
      bridge.reading
        .catch((thrown: unknown) => bridge.session?.close((thrown as Error).message))
        .finally(() => {
          bridge.reading = null;
          if (stale && bridge.session) refresh();
        });
    };
    void keepConnected({
      signal,
      clock: options.clock,
      ...RECONNECT,
      connect: async (up) => {
        const session = await openOpenFlowSession(
          `${options.runDir}/${name}.mgmt`,
          options.clock,
          refresh,
          signal,
        );
        bridge.session = session;
        try {
          refresh();
          up();
          return await session.closed;
        } finally {
          bridge.session = null;
        }
      },
      down: (why, failures) => {
        const wasReady = bridge.state.state === "ready";
        const reason = `ovs-vswitchd does not answer for bridge ${name}: ${why.replace(/^ovs-vswitchd does not answer: /, "")}`;
        const quiet = bridge.state.state === "starting" && failures < FAILURES_BEFORE_DEGRADED;
        const before = bridge.state;
        bridge.state = { state: quiet ? "starting" : "degraded", reason, flowCookies: null };
        if (wasReady) options.log(reason);
        if (before.state !== bridge.state.state || before.flowCookies !== null) options.changed();
      },
    });
    return bridge;
  };

  return {
    follow(bridges) {
      for (const [name, bridge] of followed) {
        if (bridges.has(name)) continue;
        bridge.life.abort();
        followed.delete(name);
      }
      for (const name of bridges) if (!followed.has(name)) followed.set(name, followOne(name));
    },
    state: (name) =>
      followed.get(name)?.state ?? {
        state: "starting",
        reason: `bridge ${name} is not followed yet`,
        flowCookies: null,
      },
    readFlows: async (name, signal) => readFlows(known(name), signal),
    async changeFlows(name, mods, signal) {
      const bridge = known(name);
      await sessionOf(bridge).changeFlows(mods, signal);
      await readFlows(bridge, signal);
    },
  };
}

function sameSet(one: ReadonlySet<string> | null, other: ReadonlySet<string>): boolean {
  return one !== null && one.size === other.size && [...other].every((item) => one.has(item));
}
