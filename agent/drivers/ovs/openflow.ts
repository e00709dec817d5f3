/**
 * As much of OpenFlow 1.4 (ONF TS-012) as tells which flows a bridge has, and changes them: flow statistics, a flow
 * monitor that says that something changed, and bundles.
 */
import { LightmanoError } from "../../../model/errors.js";
import { type WaitClock, withDeadline } from "../wait.js";
import { BUNDLE, bundleAdd, bundleControl, errorText, type FlowMod } from "./flow-mods.js";
import { openOpenFlowConnection } from "./openflow-connection.js";
import {
  type FlowStatistics,
  flowMonitorRequest,
  flowStatisticsRequest,
  MORE,
  MULTIPART,
  readFlowStatistics,
  TYPE,
} from "./openflow-messages.js";

/** A vswitchd that hangs keeps its socket open: then these reject with `driver.unavailable` after seconds. */
export interface OpenFlowSession {
  readFlows(signal: AbortSignal): Promise<readonly FlowStatistics[]>;
  /** All of it takes effect at once, in this order, or nothing (`ovs.failed`, with the switch's reason). */
  changeFlows(mods: readonly FlowMod[], signal: AbortSignal): Promise<void>;
  /** Resolves with the reason when the connection has ended. */
  readonly closed: Promise<string>;
  close(reason: string): void;
}

const READ_FLOWS_TIMEOUT_MS = 5_000;
const CHANGE_FLOWS_TIMEOUT_MS = 10_000;

/** Resolves when the switch has said HELLO. `flowsChanged` is called when a flow came, went or was changed. */
export async function openOpenFlowSession(
  socketPath: string,
  clock: WaitClock,
  flowsChanged: () => void,
  signal: AbortSignal,
): Promise<OpenFlowSession> {
  const { converse, send, closed, close } = await openOpenFlowConnection({
    socketPath,
    clock,
    signal,
    // An Open vSwitch that knows no flow monitor answers with an error.
    heard: (type, body) => {
      const isOfFlows = type === TYPE.multipartReply && body.readUInt16BE(0) === MULTIPART.flowMonitor;
      if (isOfFlows && body.length > 8) flowsChanged();
    },
  });
  send(TYPE.multipartRequest, flowMonitorRequest());

  const readFlows = (limited: AbortSignal) =>
    converse<readonly FlowStatistics[]>("reading flows", limited, ({ say, resolve, reject }) => {
      const flows: FlowStatistics[] = [];
      say(TYPE.multipartRequest, flowStatisticsRequest(), (type, body) => {
        if (type === TYPE.error) return reject(refusal("to tell its flows", body));
        flows.push(...readFlowStatistics(body.subarray(8)));
        if ((body.readUInt16BE(2) & MORE) === 0) resolve(flows);
      });
    });
  let nextBundle = 1;
  const changeFlows = (mods: readonly FlowMod[], limited: AbortSignal) =>
    converse<void>("changing flows", limited, ({ say, resolve, reject }) => {
      const bundle = nextBundle++;
      let refused: Error | null = null;
      const noting = (what: string) => (type: number, body: Buffer) => {
        if (type === TYPE.error) refused ??= refusal(what, body);
      };
      say(TYPE.bundleControl, bundleControl(bundle, BUNDLE.open), noting("a bundle of flows"));
      for (const mod of mods)
        say(TYPE.bundleAdd, (xid) => bundleAdd(bundle, xid, mod), noting(`flow ${JSON.stringify(mod.text)}`));
      // A commit would leave out what was refused. A bundle that nobody goes on with is given up by the switch (10 s).
      say(TYPE.barrierRequest, Buffer.alloc(0), () => {
        if (refused) {
          send(TYPE.bundleControl, bundleControl(bundle, BUNDLE.discard));
          return reject(refused);
        }
        say(TYPE.bundleControl, bundleControl(bundle, BUNDLE.commit), (type, body) =>
          type === TYPE.error ? reject(refused ?? refusal("a bundle of flows", body)) : resolve(),
        );
      });
    });
  return {
    closed,
    close,
    readFlows: (callSignal) => inTime(READ_FLOWS_TIMEOUT_MS, callSignal, readFlows),
    changeFlows: (mods, callSignal) =>
      inTime(CHANGE_FLOWS_TIMEOUT_MS, callSignal, (limited) => changeFlows(mods, limited)),
  };
}

const refusal = (what: string, body: Buffer) =>
  new LightmanoError("ovs.failed", `Open vSwitch refused ${what}: ${errorText(body)}`);

function inTime<T>(ms: number, signal: AbortSignal, call: (limited: AbortSignal) => Promise<T>): Promise<T> {
  const late = () => new LightmanoError("driver.unavailable", `ovs-vswitchd did not answer in ${ms} ms`);
  return withDeadline(signal, ms, late, call);
}
