/** What the agent itself knows, as metrics. Pure. */
import type { FunctionStatus, ServiceStatus } from "../../model/messages/node.js";
import type { Family, Labels, MetricType } from "./exposition.js";

export interface OwnFacts {
  readonly site: string;
  readonly node: string;
  readonly version: string;
  readonly startedAt: number;
  readonly rssBytes: number;
  readonly cpuSeconds: number;
  readonly drivers: readonly { readonly name: string; readonly state: string }[];
  /** Whether it is connected; null: it is to have no controller. */
  readonly connected: boolean | null;
  readonly pendingReports: number;
  readonly journalWorks: boolean;
  /** Null: it cannot be read. */
  readonly journalBytes: number | null;
  /** Null: this kernel does not count. */
  readonly writtenBytes: number | null;
  readonly services: readonly ServiceStatus[];
  /** Of functions that run. */
  readonly stats: ReadonlyMap<string, { readonly memoryBytes: number; readonly cpuSeconds: number }>;
}

const FUNCTION_STATES: readonly FunctionStatus["state"][] = [
  "pending",
  "starting",
  "running",
  "backoff",
  "failed",
  "stopping",
];

type Point = readonly [labels: Labels, value: number | null];

export function ownFamilies(facts: OwnFacts): readonly Family[] {
  const nodeLabels: Labels = [
    ["site", facts.site],
    ["node", facts.node],
  ];
  const family = (name: string, type: MetricType, help: string, points: readonly Point[]): Family => ({
    name,
    type,
    help,
    samples: points.flatMap(([labels, value]) =>
      value === null
        ? []
        : [{ name, labels: [...nodeLabels, ...labels], value: String(value), timestamp: null }],
    ),
  });
  const functions = facts.services.flatMap((service) =>
    service.functions.map((f) => ({ ...f, labels: functionLabels(f.id, service.id) })),
  );
  const statOf = (id: string, key: "memoryBytes" | "cpuSeconds"): number | null =>
    facts.stats.get(id)?.[key] ?? null;
  return [
    family("lightmano_agent_info", "gauge", "Always 1.", [[[["version", facts.version]], 1]]),
    family("lightmano_agent_start_time_seconds", "gauge", "When the agent started, since the epoch.", [
      [[], facts.startedAt / 1000],
    ]),
    family("lightmano_agent_resident_memory_bytes", "gauge", "Memory of the agent.", [[[], facts.rssBytes]]),
    family("lightmano_agent_cpu_seconds_total", "counter", "CPU time of the agent.", [
      [[], facts.cpuSeconds],
    ]),
    family("lightmano_agent_journal_works", "gauge", "Can the journal be written?", [
      [[], Number(facts.journalWorks)],
    ]),
    family("lightmano_agent_journal_bytes", "gauge", "Size of the journal's file.", [
      [[], facts.journalBytes],
    ]),
    family(
      "lightmano_agent_written_bytes_total",
      "counter",
      "What the agents since the machine's start had the disk write, as the kernel counts it.",
      [[[], facts.writtenBytes]],
    ),
    family(
      "lightmano_controller_connected",
      "gauge",
      "Is the controller's broker connected? None: there is to be none.",
      [[[], facts.connected === null ? null : Number(facts.connected)]],
    ),
    family("lightmano_reports_pending", "gauge", "Reports that the controller has not acknowledged.", [
      [[], facts.pendingReports],
    ]),
    family(
      "lightmano_driver_ready",
      "gauge",
      "Is the driver ready?",
      facts.drivers.map(({ name, state }) => [[["driver", name]], Number(state === "ready")]),
    ),
    family(
      "lightmano_service_active",
      "gauge",
      "Do all functions of the service run, and are all its paths active?",
      facts.services.map(({ id, state }) => [[["service", id]], Number(state === "active")]),
    ),
    family(
      "lightmano_path_active",
      "gauge",
      "Is the forwarding path active?",
      facts.services.flatMap(({ id, chains }) =>
        chains.map(
          ({ name, state }): Point => [
            [
              ["service", id],
              ["path", name],
            ],
            Number(state === "active"),
          ],
        ),
      ),
    ),
    family(
      "lightmano_function_state",
      "gauge",
      "1 for the state that the function is in.",
      functions.flatMap(({ labels, kind, state }) =>
        FUNCTION_STATES.map(
          (one): Point => [[...labels, ["kind", kind], ["state", one]], Number(one === state)],
        ),
      ),
    ),
    family(
      "lightmano_function_restarts_total",
      "counter",
      "Times that the function died, since the agent started.",
      functions.map(({ labels, restarts }) => [labels, restarts]),
    ),
    family(
      "lightmano_function_boot_seconds",
      "gauge",
      "How long its last start took.",
      functions.map(({ labels, bootMs }) => [labels, bootMs === null ? null : bootMs / 1000]),
    ),
    family(
      "lightmano_function_memory_bytes",
      "gauge",
      "Memory: of an LVNF its proportional set, of a container what its control group has but for inactive files.",
      functions.map(({ id, labels }) => [labels, statOf(id, "memoryBytes")]),
    ),
    family(
      "lightmano_function_cpu_seconds_total",
      "counter",
      "CPU time, of its process or container as it is now.",
      functions.map(({ id, labels }) => [labels, statOf(id, "cpuSeconds")]),
    ),
  ];
}

/** Every function's series have these, and its node's. */
export const functionLabels = (functionId: string, serviceId: string): Labels => [
  ["service", serviceId],
  ["function", functionId.startsWith(`${serviceId}.`) ? functionId.slice(serviceId.length + 1) : functionId],
];
