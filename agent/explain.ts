/**
 * `why OBJECT` for what is no service, function or path: ports, interfaces, the bridge, images, the journal, the
 * link to the controller, the agent. Which objects' history tells of it, and what it is now. Pure.
 */
import type { Observed } from "./domain/observed.js";
import { latest } from "./domain/planning.js";
import { type FunctionMemory, IMMEDIATE_RESTARTS } from "./domain/supervision.js";
import type { Target } from "./domain/target.js";
import type { LinkState } from "./operations.js";

export interface Explanation {
  /** As events name them. */
  readonly objects: readonly string[];
  readonly now: string;
}

export interface ExplainFacts {
  readonly target: Target;
  readonly observed: Observed;
  /** SAP → interface, as in agent.yaml. */
  readonly nodePorts: Readonly<Record<string, string>>;
  readonly link: LinkState;
  readonly journalProblem: string | null;
  readonly agent: { readonly version: string; readonly upMinutes: number; readonly watchdog: string };
}

/** Null where it is none of these. A name may be given as events give it (`port/DEVICE`) or bare. */
export function explainOther(name: string, facts: ExplainFacts): Explanation | null {
  if (name === "journal") return journal(facts);
  if (name === "agent") return agent(facts);
  if (name === "link" || name === "controller") return link(facts);
  const { bridge } = facts.target;
  if (name === "bridge" || name === "flows" || name === bridge.name) return bridgeNow(facts);
  return port(name, facts) ?? image(name, facts) ?? networkInterface(name, facts);
}

/** A crash loop in words: how often, when it is tried next, and by which rule; null where there is none. */
export function crashLoop(
  { failures, nextAttemptAt, runningSince }: FunctionMemory,
  now: number,
): string | null {
  if (failures === 0) return null;
  const count = failures === 1 ? "1 failure counts" : `${failures} failures count`;
  const rule = `each 10 s of running forgive one; a function that dies is started again at once ${IMMEDIATE_RESTARTS} times, then after 1 s, doubling to 60 s, half of it random`;
  if (runningSince !== null) return `${count} against it (${rule}; \`lightmano service heal\` forgives them)`;
  const waitMs = nextAttemptAt - now;
  const next = waitMs > 0 ? `the next try is in ${(waitMs / 1000).toFixed(1)} s` : "the next try is now";
  return `${count} against it, ${next} (${rule}; \`lightmano service heal\` tries now)`;
}

const journal = ({ journalProblem, link: { pendingReports } }: ExplainFacts): Explanation => ({
  objects: ["journal"],
  now:
    journalProblem === null
      ? `the journal can be written, ${pendingReports} reports in it wait for the controller`
      : `the journal cannot be written: ${journalProblem}; nothing new is accepted, what runs goes on`,
});

const agent = ({ agent: { version, upMinutes, watchdog } }: ExplainFacts): Explanation => ({
  objects: ["agent"],
  now: `agent ${version} has run for ${upMinutes} min; ${watchdog}`,
});

function link({
  link: { controller, connected, pendingReports, inStep },
  observed,
}: ExplainFacts): Explanation {
  const driver = `interfaces (driver link) are ${observed.link.state}${observed.link.state === "ready" ? "" : `: ${observed.link.reason}`}`;
  const objects = ["link", "driver/link"];
  if (controller === null)
    return { objects, now: `this node is on its own: agent.yaml names no controller; ${driver}` };
  const step =
    inStep === null
      ? "what it wants was not heard since"
      : inStep
        ? "this node holds what it wants"
        : "this node does not hold what it wants, or holds what is newer";
  return {
    objects,
    now: connected
      ? `connected to ${controller}, ${pendingReports} reports wait; ${step}; ${driver}`
      : `not connected to ${controller}, tried again with growing pauses of up to 30 s; ${pendingReports} reports wait, what runs goes on; ${driver}`,
  };
}

function bridgeNow({ target, observed }: ExplainFacts): Explanation {
  const { name, datapathType } = target.bridge;
  const found = latest(observed.ovs)?.bridges.get(name);
  const away =
    observed.ovs.state === "ready" ? "" : `; Open vSwitch is ${observed.ovs.state}: ${observed.ovs.reason}`;
  return {
    objects: ["bridge", "flows", "orphan-ports"],
    now: found
      ? `bridge ${name} (${found.datapathType}) has ${found.ports.size} ports${away}`
      : `bridge ${name} (${datapathType}) is not there${away || ": it is made when a service wants it"}`,
  };
}

function port(asked: string, { target, observed, nodePorts }: ExplainFacts): Explanation | null {
  const name = asked.replace(/^port\//, "");
  const device = nodePorts[name] ?? name;
  const sap = Object.entries(nodePorts).find(([, is]) => is === device)?.[0];
  const owner = [...target.functions.values()].find((f) => f.ports.some((p) => p.bridgeDevice === device));
  const row = latest(observed.ovs)?.bridges.get(target.bridge.name)?.ports.get(device);
  if (!sap && !owner && !row) return null;
  const use = owner ? `of function ${owner.id}` : sap ? `SAP ${sap}` : "which nothing wants";
  const isThere = latest(observed.link)?.names.has(device) ?? false;
  const wanted = owner !== undefined || target.nodePorts.includes(device);
  return {
    objects: [`port/${device}`, `link/${device}`, "bridge", ...(owner ? [`function/${owner.id}`] : [])],
    now: `port ${device} (${use}) ${
      row
        ? row.error
          ? `is on the bridge with an error: ${row.error}`
          : `is on the bridge as OpenFlow port ${row.ofport ?? "(none yet)"}, link ${row.linkUp ? "up" : "down"}`
        : !isThere
          ? "is not on the bridge: there is no such interface"
          : wanted
            ? "is not on the bridge yet"
            : "is not on the bridge: no service wants it"
    }`,
  };
}

function image(asked: string, { target }: ExplainFacts): Explanation | null {
  const name = asked.replace(/^image\//, "");
  const users = [...target.functions.values()].filter((f) => f.kind === "container" && f.image === name);
  if (users.length === 0) return null;
  const ids = users.map(({ id }) => id);
  return {
    objects: [...ids.map((id) => `function/${id}`), "driver/docker"],
    now: `image ${name} is wanted by ${ids.join(", ")}; it is pulled when one of them is to start and it is not here`,
  };
}

function networkInterface(asked: string, { observed }: ExplainFacts): Explanation | null {
  const name = asked.replace(/^link\//, "");
  const isThere = latest(observed.link)?.names.has(name) ?? false;
  if (!isThere) return null;
  return {
    objects: [`link/${name}`, `port/${name}`],
    now: `interface ${name} is there; it is no port of this node's`,
  };
}
