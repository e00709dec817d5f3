import { type Static, Type } from "@sinclair/typebox";
import { DigestText, IdText, message, Timestamp } from "./envelope.js";

const nullableText = Type.Union([Type.String(), Type.Null()]);

export const NodeStatus = message(
  "NodeStatus",
  "Whether the node's agent is connected; `offline` is its last will.",
  {
    status: Type.Union([Type.Literal("online"), Type.Literal("offline")]),
    agentVersion: Type.Optional(Type.String()),
    life: Type.Optional(
      Type.String({
        description:
          "Made anew at every start of the agent. One that comes back after another was heard is another agent in this node's name.",
      }),
    ),
    store: Type.Optional(Type.String({ description: "The numbering of its reports, as in NodeReport." })),
    acknowledged: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          "All reports up to this number had been acknowledged. A controller that has less was set back, and asks the node to tell its present state again.",
      }),
    ),
    inventory: Type.Optional(
      Type.String({
        description:
          "Names the content of the inventory that the broker took from this life of the agent last: 16 characters of the sha256, in base64url, of its canonical JSON without `v`, `id` and `ts`. It is named to a broker that lost its memory instead of being sent again; a controller that has another asks the node to tell all again.",
      }),
    ),
  },
);
export type NodeStatus = Static<typeof NodeStatus>;

export const DriverState = Type.Object(
  {
    name: Type.String(),
    state: Type.Union([Type.Literal("starting"), Type.Literal("ready"), Type.Literal("degraded")]),
    reason: nullableText,
    version: nullableText,
  },
  { $id: "DriverState" },
);
export type DriverState = Static<typeof DriverState>;

/** What systeminformation tells of a machine. */
export const HardwareProperties = {
  os: Type.String(),
  kernel: Type.String(),
  architecture: Type.String(),
  cpu: Type.Object({ model: Type.String(), cores: Type.Integer() }),
  memoryBytes: Type.Integer(),
  system: Type.Object({ manufacturer: Type.String(), model: Type.String(), virtual: Type.Boolean() }),
  disks: Type.Array(
    Type.Object({
      name: Type.String(),
      kind: Type.String({ description: "SSD, HDD, …" }),
      sizeBytes: Type.Integer(),
    }),
  ),
};

export const NodeInventory = message("NodeInventory", "What the node is and can do.", {
  ...HardwareProperties,
  ports: Type.Array(Type.Object({ name: Type.String(), interface: Type.String() })),
  drivers: Type.Array(DriverState),
});
export type NodeInventory = Static<typeof NodeInventory>;

export const FunctionKind = Type.Union([Type.Literal("lvnf"), Type.Literal("container")]);
export type FunctionKind = Static<typeof FunctionKind>;

/**
 * pending: not started yet, or waiting for what it needs · starting · running · backoff: it stopped and
 * waits to be started again · failed: it cannot be had as described · stopping: it is being ended, or is to be, until it is gone.
 */
export const FunctionState = Type.Union(
  (["pending", "starting", "running", "backoff", "failed", "stopping"] as const).map((state) =>
    Type.Literal(state),
  ),
);
export type FunctionState = "pending" | "starting" | "running" | "backoff" | "failed" | "stopping";

export const FunctionStatus = Type.Object(
  {
    id: Type.String({ description: "`<service>.<function>`" }),
    name: Type.String(),
    kind: FunctionKind,
    state: FunctionState,
    code: Type.Union([Type.String(), Type.Null()], {
      description: "Error code when not running, else null.",
    }),
    reason: nullableText,
    since: Timestamp,
    restarts: Type.Integer({ minimum: 0 }),
    digest: DigestText,
    pid: Type.Union([Type.Integer(), Type.Null()]),
    bootMs: Type.Union([Type.Number(), Type.Null()], {
      description: "Last start: spawn to ready, with its ports attached.",
    }),
  },
  { $id: "FunctionStatus" },
);
export type FunctionStatus = Static<typeof FunctionStatus>;

/**
 * deploying · active · degraded: something of it does not run · failed: it cannot be deployed · terminating: it is not to
 * be here any more, and something of it is left.
 */
export const ServiceState = Type.Union(
  (["deploying", "active", "degraded", "failed", "terminating"] as const).map((state) => Type.Literal(state)),
);
export type ServiceState = "deploying" | "active" | "degraded" | "failed" | "terminating";

export const ServiceStatus = Type.Object(
  {
    id: IdText,
    name: Type.String(),
    packageDigest: Type.Union([DigestText, Type.Null()], {
      description:
        "Null: it is terminating, and the node knows only that it is not to be: its agent was started since. `name` is the id then.",
    }),
    revision: Type.Integer({ description: "Of a service that is terminating: the one that ended it." }),
    state: ServiceState,
    code: nullableText,
    reason: Type.Union([Type.String(), Type.Null()], {
      description:
        "Why it is not active; of one that is terminating what is left of it, and what holds that up.",
    }),
    functions: Type.Array(FunctionStatus, {
      description: "With those that it has no longer and that are not gone yet, which are `stopping`.",
    }),
    chains: Type.Array(
      Type.Object({
        name: Type.String(),
        state: Type.String(),
        flows: Type.Integer(),
        reason: Type.Optional(Type.String({ description: "why it is not active" })),
      }),
    ),
  },
  { $id: "ServiceStatus" },
);
export type ServiceStatus = Static<typeof ServiceStatus>;

/** One entry of the node's history: what happened to which object, why, and what was done about it. */
export const AgentEvent = Type.Object(
  {
    ts: Timestamp,
    object: Type.String({
      description:
        "`function/ID`, `chain/ID`, `driver/NAME`, `bridge`, `flows`, `port/DEVICE`, `link/DEVICE`, `orphan-ports`, `journal`, `agent`",
    }),
    type: Type.String({
      description:
        "`function.running|adopted|died|exited|output|events-lost|events-unreadable|metrics-unreadable`, `lvnf.NAME` (what an LVNF tells by an events handler: `lvnf.path-down`, …), `work.done|failed`, `chain.active|bypassed|waiting`, `driver.ready|degraded`, `journal.unwritable|writable|set-aside|restored|set-back`, `agent.started`, `clock.set`, …",
    }),
    cause: nullableText,
    rule: nullableText,
    action: nullableText,
    code: nullableText,
    detail: Type.String(),
    data: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    clock: Type.Optional(
      Type.Object(
        { boot: Type.String(), atMs: Type.Integer() },
        {
          description:
            "The node's clock was not set: `ts` is wrong, and this is so many ms after the start of the machine that is named so. A later event `clock.set` of the same start says when that was (`data.bootedAt`), and what was noted before is corrected by it.",
        },
      ),
    ),
  },
  { $id: "AgentEvent" },
);
export type AgentEvent = Static<typeof AgentEvent>;

export const ReportItem = Type.Object(
  {
    seq: Type.Integer({ minimum: 1 }),
    ts: Timestamp,
    event: Type.Optional(AgentEvent),
    service: Type.Optional(ServiceStatus),
    removedService: Type.Optional(IdText),
    present: Type.Optional(
      Type.Array(IdText, {
        description:
          "All services that this node has at this number: what a controller has of others of it is from another time, or of another agent, and is gone.",
      }),
    ),
  },
  { $id: "ReportItem", description: "Exactly one of event, service, removedService, present." },
);
export type ReportItem = Static<typeof ReportItem>;

export const NodeReport = message("NodeReport", "Numbered reports, kept by the node until acknowledged.", {
  store: Type.String({
    description:
      "Identity of the numbering: another journal has another one, and so has one that was set back to an older copy.",
  }),
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        "All up to this number has been acknowledged: a receiver that has less has lost some. Numbers that are missing after it were taken back by the node, for a newer state of the same service or for want of room, which it then tells as `reports.dropped`.",
    }),
  ),
  question: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        "Repeated by the answer to this report. A node that gives one tells its present state again when it hears that the receiver has less than `after`; its items are not taken before.",
    }),
  ),
  items: Type.Array(ReportItem, {
    description: "Empty: the node asks how far the receiver is, before the first reports of a connection.",
  }),
});
export type NodeReport = Static<typeof NodeReport>;

export const ReportAck = message("ReportAck", "All reports up to this number are on the controller's disk.", {
  store: Type.String(),
  upTo: Type.Integer({ minimum: 0 }),
  hello: Type.Optional(
    Type.Literal(true, {
      description:
        "How far the receiver is: the answer to a report without items, and to one whose `after` is more.",
    }),
  ),
  ask: Type.Optional(
    Type.Literal(true, {
      description:
        "The receiver may have less than this node believes: it is to ask, with a report without items.",
    }),
  ),
  again: Type.Optional(
    Type.Literal(true, {
      description: "What is known of this node is in part another's: it is to tell its present state again.",
    }),
  ),
  question: Type.Optional(Type.Integer({ minimum: 0, description: "Of the report that is answered." })),
});
export type ReportAck = Static<typeof ReportAck>;

export const NodeTelemetry = message("NodeTelemetry", "Figures of the moment; may be lost.", {
  agent: Type.Object({
    rssBytes: Type.Integer(),
    uptimeS: Type.Number(),
    journal: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description:
          "Why the node's journal cannot be written, or null: what it has to report waits until it can.",
      }),
    ),
    writtenBytes: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          "What the agents since the machine's start had the disk write, as the kernel counts it; absent: it does not. Functions' own writes are not in it.",
      }),
    ),
    writtenPerDayBytes: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
        description: "The same in 24 hours at the pace so far; null until the agent has run for an hour.",
      }),
    ),
  }),
  node: Type.Object({ load1: Type.Number(), memoryAvailableBytes: Type.Integer() }),
  functions: Type.Array(
    Type.Object({
      id: Type.String(),
      state: FunctionState,
      memoryBytes: Type.Union([Type.Integer(), Type.Null()]),
      cpuSeconds: Type.Union([Type.Number(), Type.Null()]),
    }),
  ),
});
export type NodeTelemetry = Static<typeof NodeTelemetry>;

export const Command = message(
  "Command",
  "A request to a node; `id` is the idempotency key and names the reply topic.",
  {
    deadline: Type.String({
      format: "date-time",
      description:
        "By the same clock as `ts`: from there to here the command may be begun and answered. Later it is `expired`.",
    }),
    args: Type.Record(Type.String(), Type.Unknown()),
  },
);
export type Command = Static<typeof Command>;

export const CommandReply = message("CommandReply", "Every command is answered.", {
  outcome: Type.Union([Type.Literal("ok"), Type.Literal("failed"), Type.Literal("expired")]),
  result: Type.Optional(Type.Unknown()),
  code: nullableText,
  detail: nullableText,
});
export type CommandReply = Static<typeof CommandReply>;
