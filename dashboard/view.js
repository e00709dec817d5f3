/** From what the stream said to what is seen. Nothing here keeps anything. */
import { bytes, h, since } from "./dom.js";

/** How each state looks: kind of colour, and a sign for those who do not see the colour. */
const LOOKS = {
  active: ["good", "●"],
  running: ["good", "●"],
  online: ["good", "●"],
  deploying: ["busy", "◐"],
  starting: ["busy", "◐"],
  pending: ["busy", "◌"],
  stopping: ["busy", "◐"],
  terminating: ["busy", "◐"],
  degraded: ["warn", "▲"],
  backoff: ["warn", "▲"],
  failed: ["bad", "✕"],
  offline: ["away", "○"],
};

const badge = (state, text = state) => {
  const [kind, sign] = LOOKS[state] ?? ["away", "○"];
  return h("span", { class: `badge ${kind}` }, h("span", { "aria-hidden": "true" }, sign), text);
};

export function summary(nodes, services) {
  const online = nodes.filter((node) => node.online).length;
  const live = services.filter((service) => service.nodeOnline);
  const active = live.filter((service) => service.state === "active").length;
  const wrong = live.filter((service) => service.state === "failed" || service.state === "degraded").length;
  const unknown = services.length - live.length;
  return [
    tile("Sites", new Set([...nodes, ...services].map((each) => each.site)).size),
    tile("Nodes online", `${online}`, `of ${nodes.length}`, online < nodes.length ? "warn" : "good"),
    tile("Services active", `${active}`, `of ${services.length}`, active < services.length ? "warn" : "good"),
    tile("Failing", wrong, "as reported now", wrong > 0 ? "bad" : "good"),
    tile("Not known now", unknown, "away or unreported", unknown > 0 ? "away" : "good"),
  ];
}

const tile = (label, value, note = "", kind = "plain") =>
  h(
    "div",
    { class: `tile ${kind}` },
    h("span", { class: "label" }, label),
    h("strong", {}, String(value)),
    note && h("span", { class: "note" }, note),
  );

export function sites(nodes, services) {
  const ids = [...new Set([...nodes, ...services].map((each) => each.site))].sort();
  if (ids.length === 0)
    return empty("No site has been heard of yet. A site appears when its first node connects.");
  return ids.map((id) =>
    siteCard(
      id,
      nodes.filter((node) => node.site === id),
      services.filter((service) => service.site === id),
    ),
  );
}

function siteCard(id, nodes, services) {
  const online = nodes.some((node) => node.online);
  const count = new Set(services.map((service) => service.id)).size;
  const heading = h("h3", {}, id, h("span", { class: "note" }, `${count} service${count === 1 ? "" : "s"}`));
  if (nodes.length === 0)
    return h(
      "article",
      { class: "card stale" },
      heading,
      h("p", { class: "quiet" }, "Never heard of. It is asked to run services when it first connects."),
    );
  return h(
    "article",
    { class: online ? "card" : "card stale" },
    heading,
    h("ul", { class: "nodes" }, nodes.map(nodeRow)),
  );
}

function nodeRow(node) {
  const { inventory, telemetry } = node;
  const cpu = inventory && `${inventory.cpu.cores} × ${inventory.cpu.model}`;
  const facts = [inventory?.architecture, cpu, inventory && bytes(inventory.memoryBytes), inventory?.os]
    .filter(Boolean)
    .join(" · ");
  const troubled = (inventory?.drivers ?? []).filter((driver) => driver.state !== "ready");
  return h(
    "li",
    {},
    h(
      "div",
      { class: "row" },
      h("strong", { class: "name" }, node.id),
      badge(node.online ? "online" : "offline"),
      node.since && h("span", { class: "note" }, since(node.since, "since ", "")),
    ),
    h(
      "dl",
      { class: "facts" },
      fact("Last report", node.reportedAt ? since(node.reportedAt) : "never"),
      !node.online && fact("Last heard", node.heardAt ? since(node.heardAt) : "never"),
      telemetry && fact("Load", telemetry.node.load1.toFixed(2)),
      telemetry && fact("Memory free", bytes(telemetry.node.memoryAvailableBytes)),
      telemetry && fact("Agent", bytes(telemetry.agent.rssBytes)),
      telemetry?.agent.writtenPerDayBytes != null &&
        fact("Writes a day", bytes(telemetry.agent.writtenPerDayBytes)),
      telemetry && fact("Measured", since(telemetry.ts)),
    ),
    facts && h("p", { class: "quiet" }, facts),
    troubled.map((driver) =>
      h(
        "p",
        { class: "reason warn" },
        `driver ${driver.name} ${driver.state}${driver.reason ? `: ${driver.reason}` : ""}`,
      ),
    ),
  );
}

const fact = (name, value) => h("div", {}, h("dt", {}, name), h("dd", {}, value));

export function services(all) {
  if (all.length === 0) return empty("No network service is wanted or running anywhere.");
  const order = { failed: 0, degraded: 1, deploying: 2, terminating: 2, active: 3 };
  const sorted = all.toSorted(
    (a, b) =>
      (order[a.state] ?? 1) - (order[b.state] ?? 1) ||
      a.name.localeCompare(b.name) ||
      a.site.localeCompare(b.site),
  );
  return sorted.map(serviceCard);
}

function serviceCard(service) {
  const key = `${service.site}/${service.node ?? ""}/${service.id}`;
  const stale = !service.nodeOnline;
  const running = service.functions.filter((each) => each.state === "running").length;
  return h(
    "details",
    { class: stale ? "card service stale" : "card service", "data-key": key, open: true },
    h(
      "summary",
      { "data-focus": `summary ${key}` },
      h("strong", { class: "name" }, service.name),
      service.state
        ? badge(service.state, stale ? `was ${service.state}` : service.state)
        : badge("offline", "not reported yet"),
      !service.wanted &&
        h(
          "span",
          { class: "badge away" },
          service.wantedRevision === null ? "not asked for from here" : "removal asked for",
        ),
      h("span", { class: "where" }, [service.site, service.node].filter(Boolean).join(" / ")),
      service.functions.length > 0 &&
        h(
          "span",
          { class: "note" },
          `${stale ? "then " : ""}${running} of ${service.functions.length} functions running`,
        ),
      h(
        "span",
        { class: "note end" },
        service.receivedAt
          ? since(service.receivedAt, stale ? "node away; last reported " : "reported ")
          : "nothing heard of it",
      ),
    ),
    service.reason &&
      h("p", { class: `reason ${service.state === "failed" ? "bad" : "warn"}` }, reasonText(service)),
    service.functions.length > 0 && functionTable(service, key, stale),
    h(
      "p",
      { class: "quiet" },
      h("code", {}, service.id),
      service.packageDigest && [" · package ", h("code", {}, service.packageDigest.slice(7, 19))],
      service.chains.map((chain) => ` · chain ${chain.name}: ${chain.state}, ${chain.flows} flows`),
    ),
  );
}

function functionTable({ name, functions }, key, stale) {
  const head = ["Function", "Kind", "State", "Restarts", "Boot", "Since"].map((text) =>
    h("th", { scope: "col" }, text),
  );
  return h(
    "div",
    // On a phone it is wider than the page: a keyboard must be able to scroll it.
    {
      class: "scroll",
      role: "region",
      "aria-label": `Functions of ${name}`,
      tabindex: 0,
      "data-focus": `functions ${key}`,
    },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head)),
      h(
        "tbody",
        {},
        functions.map((each) => functionRow(each, stale)),
      ),
    ),
  );
}

const functionRow = (each, stale) =>
  h(
    "tr",
    {},
    h("th", { scope: "row" }, each.name),
    h("td", {}, each.kind === "lvnf" ? "LVNF" : "container"),
    h(
      "td",
      {},
      badge(each.state, stale ? `was ${each.state}` : each.state),
      (each.code || each.reason) && h("span", { class: "why" }, reasonText(each)),
    ),
    h("td", { class: "number" }, String(each.restarts)),
    h(
      "td",
      { class: "number" },
      each.bootMs === null
        ? "–"
        : `${each.bootMs < 100 ? each.bootMs.toFixed(1) : Math.round(each.bootMs)} ms`,
    ),
    h("td", { class: "number" }, since(each.since, "", "")),
  );

const reasonText = ({ code, reason }) => [reason, code && `(${code})`].filter(Boolean).join(" ");

export function events(all) {
  if (all.length === 0) return empty("Nothing has happened yet.");
  return h(
    "ol",
    {},
    all.map((event) =>
      h(
        "li",
        { class: event.code ? "event bad" : "event" },
        h("span", { class: "when" }, since(event.ts)),
        h("span", { class: "where" }, `${event.site} / ${event.node}`),
        h("span", { class: "what" }, h("strong", {}, event.type), " ", h("code", {}, event.object)),
        h(
          "span",
          { class: "detail" },
          event.detail,
          event.cause && h("span", { class: "note" }, ` · cause: ${event.cause}`),
          event.action && h("span", { class: "note" }, ` · action: ${event.action}`),
          event.code && h("span", { class: "note" }, ` (${event.code})`),
        ),
      ),
    ),
  );
}

const empty = (text) => h("p", { class: "empty" }, text);
