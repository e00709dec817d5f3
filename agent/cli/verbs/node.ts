/** Verbs about the node: status, doctor, node, why, events, port, chain. */
import type { Command } from "commander";
import { LightmanoError } from "../../../model/errors.js";
import type { AgentEvent, NodeInventory, ServiceStatus } from "../../../model/messages/node.js";
import type { SiteView } from "../../hub/view.js";
import { type Family, renderExposition } from "../../metrics/exposition.js";
import type { Written } from "../../written.js";
import type { AgentClient } from "../client.js";
import { size } from "../output.js";
import { countUpTo, printService, type Tools } from "./common.js";
import { hubLine } from "./site.js";

interface Status {
  readonly site: string;
  readonly node: string;
  readonly version: string;
  readonly uptimeS: number;
  readonly rssBytes: number;
  readonly journal: { readonly state: string; readonly reason: string | null; readonly bytes: number | null };
  readonly written: Written | null;
  readonly link: {
    readonly controller: string | null;
    readonly connected: boolean;
    readonly pendingReports: number;
  };
  readonly hub: Pick<SiteView, "role" | "hub" | "term" | "lease"> | null;
  readonly drivers: readonly {
    readonly name: string;
    readonly state: string;
    readonly reason: string | null;
    readonly version: string | null;
  }[];
  readonly services: readonly ServiceStatus[];
  readonly held: readonly { readonly id: string; readonly reason: string }[];
}

const diskText = ({ journal, written }: Status): string =>
  [
    journal.bytes === null ? "" : `, ${size(journal.bytes)}`,
    written === null ? "" : `; ${size(written.bytes)} written since the machine started`,
    written === null || written.perDayBytes === null ? "" : `, ${size(written.perDayBytes)} a day`,
  ].join("");

type Inventory = Omit<NodeInventory, "v" | "id" | "ts">;

export function addNodeVerbs(program: Command, tools: Tools): void {
  program
    .command("status")
    .description("what runs on this node")
    .action(async () => {
      const { client, output } = tools();
      output.show(await client.get<Status>("/api/v1/status"), (status) => {
        const { link } = status;
        output.line(
          `node ${status.node} of site ${status.site}, agent ${status.version}, up ${status.uptimeS} s, ${size(status.rssBytes)}`,
        );
        output.line(
          `controller ${link.controller ?? "none"}: ${output.state(link.connected ? "online" : "offline")}, ${link.pendingReports} reports waiting; journal ${output.state(status.journal.state)}${status.journal.reason ? ` (${status.journal.reason})` : ""}${diskText(status)}`,
        );
        if (status.hub) output.line(hubLine(status.hub));
        output.line(
          status.drivers
            .map((d) => `${d.name} ${output.state(d.state)}${d.reason ? ` (${d.reason})` : ""}`)
            .join(" · "),
        );
        for (const service of status.services) printService(service, output);
        for (const { id, reason } of status.held)
          output.line(`${id} ${output.state("held")}: left as it is, for ${reason}`);
        if (status.services.length === 0) output.line(output.dim("no services"));
      });
    });
  program
    .command("doctor")
    .description("what this node needs and whether it has it")
    .action(async () => {
      const { client, output } = tools();
      const found = await client.get<{
        drivers: Status["drivers"];
        ports: { sap: string; interface: string; present: boolean }[];
        journal: string | null;
        watchdog: string | null;
        fastPath: string | null;
        kernelClick: string | null;
      }>("/api/v1/doctor");
      output.show(found, ({ drivers, ports, journal, watchdog, fastPath, kernelClick }) => {
        output.table(
          ["CHECK", "STATE", "DETAIL"],
          [
            ...drivers.map((d) => [d.name, output.state(d.state), d.reason ?? d.version ?? ""]),
            ...ports.map((p) => [
              `port ${p.sap}`,
              output.state(p.present ? "ok" : "failed"),
              p.present ? p.interface : `interface ${p.interface} is not there`,
            ]),
            ["journal", output.state(journal === null ? "ok" : "failed"), journal ?? ""],
            ["watchdog", watchdog?.includes("not watched") ? "none" : output.state("ok"), watchdog ?? ""],
            ["fast path", fastPath === null ? output.state("ok") : "none", fastPath ?? ""],
            ["kernel Click", kernelClick === null ? output.state("ok") : "none", kernelClick ?? ""],
          ],
        );
      });
      const healthy =
        found.drivers.every((d) => d.state === "ready") &&
        found.ports.every((p) => p.present) &&
        found.journal === null;
      if (!healthy) throw new LightmanoError("driver.unavailable", "the node is not healthy");
    });
  program
    .command("node")
    .description("the machine")
    .command("show")
    .description("hardware, system, ports")
    .action(async () => {
      const { client, output } = tools();
      output.show(await client.get<Inventory>("/api/v1/inventory"), (found) => {
        const { cpu, system } = found;
        output.line(
          `${system.manufacturer} ${system.model}${system.virtual ? " (virtual)" : ""}, ${found.os}, ${found.kernel}, ${found.architecture}`,
        );
        output.line(`${cpu.cores} × ${cpu.model}, ${size(found.memoryBytes)} memory`);
        output.table(
          ["DISK", "KIND", "SIZE"],
          found.disks.map((d) => [d.name, d.kind, size(d.sizeBytes)]),
        );
        output.table(
          ["PORT", "INTERFACE"],
          found.ports.map((p) => [p.name, p.interface]),
        );
      });
    });
  program
    .command("why <object>")
    .description(
      "why a service, function, path, port, image, the bridge, link, journal or agent is in its state",
    )
    .action(async (object: string) => {
      const { client, output } = tools();
      output.show(
        await client.get<{ now: string; events: AgentEvent[] }>(
          `/api/v1/why?object=${encodeURIComponent(object)}`,
        ),
        ({ now, events }) => {
          output.line(now);
          for (const event of events) {
            output.line(`${output.dim(event.ts)} ${event.detail}`);
            const chain = [
              event.cause && `cause: ${event.cause}`,
              event.rule && `rule: ${event.rule}`,
              event.action && `action: ${event.action}`,
            ].filter(Boolean);
            if (chain.length > 0) output.line(output.dim(`    ${chain.join(" → ")}`));
          }
        },
      );
    });
  program
    .command("events")
    .description("what happened")
    .option("-f, --follow", "go on as it happens", false)
    .option("-n, --limit <count>", "how many", countUpTo(1000), 50)
    .action(async ({ follow, limit }: { follow: boolean; limit: number }) => {
      const { client, output } = tools();
      const print = (event: AgentEvent): void =>
        output.line(
          output.json
            ? JSON.stringify(event)
            : `${output.dim(event.ts)} ${event.object} ${event.type} ${event.detail}`,
        );
      const readPast = () => client.get<AgentEvent[]>(`/api/v1/events?limit=${limit}`);
      if (follow) return followEvents(client, readPast, print);
      const past = await readPast();
      if (output.json) output.line(JSON.stringify(past));
      else for (const event of past) print(event);
    });
  program
    .command("metrics")
    .description("figures of the node and its functions, as Prometheus gets them")
    .action(async () => {
      const { client, output } = tools();
      output.show(await client.get<Family[]>("/api/v1/metrics"), (families) =>
        output.line(renderExposition(families).trimEnd()),
      );
    });
  program
    .command("port")
    .description("ports of the bridge")
    .command("list")
    .description("all ports: OpenFlow number, link, what they are for")
    .action(async () => {
      const { client, output } = tools();
      output.show(
        await client.get<
          { name: string; ofport: number; linkUp: boolean; error: string | null; use: string | null }[]
        >("/api/v1/ports"),
        (ports) =>
          output.table(
            ["PORT", "OFPORT", "LINK", "USE", "ERROR"],
            ports.map((p) => [p.name, p.ofport, p.linkUp ? "up" : "down", p.use, p.error]),
          ),
      );
    });
  program
    .command("chain")
    .description("forwarding paths")
    .command("list")
    .description("all paths: state, flows on the bridge, why not active")
    .action(async () => {
      const { client, output } = tools();
      output.show(
        await client.get<{ id: string; state: string; reason: string | null; flows: number }[]>(
          "/api/v1/chains",
        ),
        (chains) =>
          output.table(
            ["PATH", "STATE", "FLOWS", "REASON"],
            chains.map((c) => [c.id, output.state(c.state), c.flows, c.reason]),
          ),
      );
    });
}

/**
 * Prints the past and then what happens, each event once. The stream is opened first and held back, so that
 * nothing is lost between the two. With --json there is no end to put a bracket at: an object a line.
 */
async function followEvents(
  client: AgentClient,
  readPast: () => Promise<readonly AgentEvent[]>,
  print: (event: AgentEvent) => void,
): Promise<void> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const keyOf = ({ ts, object, type, detail }: AgentEvent): string =>
    JSON.stringify([ts, object, type, detail]);
  let held: AgentEvent[] | null = [];
  let onOpen = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    onOpen = resolve;
  });
  const streaming = client.stream(
    "/api/v1/stream",
    (event) => (held === null ? print(event as AgentEvent) : held.push(event as AgentEvent)),
    stop.signal,
    () => onOpen(),
  );
  await Promise.race([opened, streaming]);
  const past = await readPast();
  for (const event of past) print(event);
  const known = new Set(past.map(keyOf));
  for (const event of held) if (!known.has(keyOf(event))) print(event);
  held = null;
  await streaming;
}
