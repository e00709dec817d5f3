/** `why`: what an object's state is, and the chain cause → rule → action that led to it. */
import { LightmanoError } from "../model/errors.js";
import type { DriverState } from "../model/messages/node.js";
import { crashLoop, type Explanation, explainOther } from "./explain.js";
import { ownerText } from "./hub/view.js";
import type { Lookup } from "./lookup.js";
import type { OperationsOptions } from "./operations.js";

type WhyOptions = Pick<
  OperationsOptions,
  | "catalogue"
  | "clock"
  | "config"
  | "journal"
  | "journalProblem"
  | "linkState"
  | "observe"
  | "reconciler"
  | "site"
  | "startedAt"
  | "version"
  | "watchdog"
> & { readonly find: Lookup; readonly drivings: () => readonly DriverState[] };

/** Events of an object, and of each that it is made of. */
const MOST_EVENTS = 20;

export function createWhy(options: WhyOptions) {
  const { catalogue, clock, config, drivings, find, journal, observe, reconciler } = options;

  /** A service of the site that another node has is known here by its owner alone. */
  function siteService(id: string): { readonly objects: readonly string[]; readonly now: string } | null {
    const view = options.site?.();
    const known = view && [...view.unowned, ...view.nodes.flatMap(({ services }) => services)].includes(id);
    return known
      ? { objects: [`service/${id}`, "site"], now: `service ${id} is ${ownerText(view, id)}` }
      : null;
  }

  function explainable(asked: string): Explanation | null {
    const { services, plan, target } = reconciler.snapshot();
    const name = asked.replace(/^(service|function|chain)\//, "");
    const service = services.find(({ id }) => id === name);
    const view = options.site?.();
    if (view && name === "site")
      return { objects: ["site"], now: view.hub ? `node ${view.hub} is hub` : "no hub is heard" };
    if (service) {
      const objects = [
        ...(view ? [`service/${name}`] : []),
        ...service.functions.map(({ id }) => `function/${id}`),
        ...service.chains.map((chain) => `chain/${service.id}.${chain.name}`),
        ...target.nodePorts.map((device) => `port/${device}`),
        "bridge",
      ];
      return {
        objects,
        now: `service ${name} is ${service.state}${service.reason ? `: ${service.reason}` : ""}${view && catalogue.originOf(name) !== "local" ? `; ${ownerText(view, name)}` : ""}`,
      };
    }
    const driver = drivings().find(
      (d) => (d.name === name && name !== "link") || `driver/${d.name}` === name, // the link is the controller's, too
    );
    if (driver)
      return {
        objects: [`driver/${driver.name}`],
        now: `${driver.name} is ${driver.state}${driver.reason ? `: ${driver.reason}` : ""}`,
      };
    const chain = plan.chains.get(name);
    if (chain)
      return {
        objects: [`chain/${name}`, "flows"],
        now: `path ${name} is ${chain.state}${chain.reason ? `: ${chain.reason}` : ""}`,
      };
    const elsewhere = siteService(name);
    if (elsewhere) return elsewhere;
    if (!find.functions().some((f) => f.id === name || f.name === name)) return null;
    const f = find.function(name);
    const { memory, now } = reconciler.snapshot();
    const remembered = memory.get(f.id);
    const loop = remembered ? crashLoop(remembered, now) : null;
    return {
      objects: [`function/${f.id}`],
      now: `${f.kind} ${f.id} is ${f.state}${f.reason ? `: ${f.reason}` : ""}, ${f.restarts} restarts${loop ? `; ${loop}` : ""}`,
    };
  }

  /** Every object of the node; one that is there no more is known by its history. */
  async function explained(name: string): Promise<Explanation> {
    const found =
      explainable(name) ??
      explainOther(name, {
        target: reconciler.snapshot().target,
        observed: observe(),
        nodePorts: config.ports,
        link: await options.linkState(),
        journalProblem: options.journalProblem(),
        agent: {
          version: options.version,
          upMinutes: Math.round((clock() - options.startedAt) / 60_000),
          watchdog: options.watchdog?.() ?? "no watchdog",
        },
      });
    if (found) return found;
    const past = await journal.events({ object: name, limit: 1 });
    if (past.length > 0)
      return { objects: [name], now: `${name} is not there now; this is what happened to it` };
    throw new LightmanoError(
      "object.not-found",
      `nothing here is called ${name}; ask for a service, function, path, driver, port, interface or image, or for bridge, link, journal or agent`,
    );
  }

  /** Newest last, and what it is now. */
  return async (name: string) => {
    const { objects, now } = await explained(name);
    const events = (
      await Promise.all(objects.map((object) => journal.events({ object, limit: MOST_EVENTS })))
    )
      .flat()
      .toSorted((a, b) => a.seq - b.seq);
    return { object: name, now, events: events.slice(-MOST_EVENTS) };
  };
}
