/** What has to be true some time after the last fault: what is wanted runs, nothing else does, and all know it. */
import { type DesiredEntry, desiredRoot } from "../../../bus/digest.js";
import { asNodeId, asSiteId } from "../../../model/ids.js";
import type { AgentEvent } from "../../../model/messages/node.js";
import { checkCommands } from "../world/commands.js";
import type { SimulatedNode } from "../world/node.js";
import type { World } from "../world/world.js";
import { eventText, Violation } from "./ledger.js";

export async function checkConverged(world: World): Promise<void> {
  const { controller } = world;
  if (!controller.host.program) throw new Violation("everything is up again", "the controller is not");
  const open = await controller.host.ask(({ store }) => store.instances.processing());
  for (const operation of open)
    throw new Violation(
      "every operation ends",
      `${operation.type} of ${operation.instanceId} is ${operation.state}`,
    );
  const instances = await controller.host.ask(({ store }) => store.instances.list());
  for (const [id, promised] of controller.ledger.instances) {
    if (promised === "open") continue;
    const { wanted } = promised;
    const found = instances.find((one) => one.id === id);
    // Of one that was made and ended since the backup only the end comes back.
    if (!found && wanted === null && controller.isRestored) continue;
    if (!found || found.instantiated !== (wanted !== null))
      throw new Violation(
        "no acknowledged write is lost",
        `instance ${id} was to be ${wanted === null ? "terminated" : "instantiated"}, the controller has it ${found ? (found.instantiated ? "instantiated" : "terminated") : "not"}`,
      );
  }
  for (const node of world.nodes) await checkNode(world, node);
  await checkPlaces(world);
  await checkCommands(world);
}

async function checkNode(world: World, node: SimulatedNode): Promise<void> {
  const { controller } = world;
  const { site, label, machine, host } = node;
  const agent = host.program;
  if (!agent) throw new Violation("everything is up again", `the agent of ${label} is not`);
  if (!agent.connected()) throw new Violation("everything is up again", `${label} is not connected`);
  const { target, services } = agent.reconciler.snapshot();

  const running = machine.running();
  for (const { id, digest } of target.functions.values())
    if (running.get(id) !== digest) {
      const said = services.flatMap(({ functions }) => functions).find((one) => one.id === id);
      throw new Violation(
        "what is wanted runs",
        `${label}: ${id} ${running.has(id) ? "is another than wanted" : "does not run"}; the agent says ${said?.state}: ${said?.reason}`,
      );
    }
  for (const id of running.keys())
    if (!target.functions.has(id)) throw new Violation("nothing unwanted runs", `${label}: ${id}`);
  for (const { id, state, reason } of services)
    if (state === "terminating")
      throw new Violation("what was terminated is gone", `${label}: ${id}: ${reason}`);
    else if (state !== "active")
      throw new Violation("what is wanted runs", `${label}: ${id} is ${state}: ${reason}`);

  const wanted = await controller.host.ask(({ store }) => store.desired.ofSite(asSiteId(site)));
  for (const object of wanted) {
    if (object.kind !== "service") continue;
    const held = agent.catalogue.services().find(({ request }) => request.id === object.id);
    if (!object.deleted && held?.request.packageDigest !== object.body?.packageDigest)
      throw new Violation(
        "the node has what the controller wants",
        `${label}: ${object.id} is ${held ? "another" : "not there"}`,
      );
    if (object.deleted && held)
      throw new Violation("the node has what the controller wants", `${label}: ${object.id} is still there`);
  }

  checkSame(label, agent.catalogue.controllersObjects(), wanted);
  const instances = await controller.host.ask(({ store }) => store.instances.list());
  const busy = await controller.host.ask(({ store }) => store.instances.processing());
  for (const { kind, id, deleted } of wanted) {
    if (kind !== "service" || deleted) continue;
    const instance = instances.find((one) => one.id === id && one.site === site);
    if (!instance || !(instance.instantiated || busy.some(({ instanceId }) => instanceId === id)))
      throw new Violation(
        "whatever is wanted can be ended",
        `${label}: ${id} is no instance that could be terminated`,
      );
  }

  const pending = await host.ask(({ journal }) => journal.pendingCount());
  if (pending > 0)
    throw new Violation(
      "the controller knows what the node knows",
      `${label}: ${pending} reports are still to be sent`,
    );
  const reported = await controller.host.ask(({ store }) => store.reports.services());
  const ofNode = reported.filter((one) => one.site === site && one.node === node.name);
  for (const status of services) {
    const found = ofNode.find((one) => one.service === status.id);
    if (!found || found.removed || JSON.stringify(found.status) !== JSON.stringify(status))
      throw new Violation(
        "the controller knows what the node knows",
        `${label}: ${status.id} is ${status.state}, the controller has ${found ? (found.removed ? "it removed" : JSON.stringify(found.status)) : "nothing"}`,
      );
  }
  for (const { service, removed } of ofNode)
    if (!removed && !services.some(({ id }) => id === service))
      throw new Violation(
        "the controller knows what the node knows",
        `${label}: ${service} is gone, the controller does not know it`,
      );
  const known = controller.host.program?.fleet.node(asSiteId(site), asNodeId(node.name));
  if (!known?.online)
    throw new Violation(
      "the controller knows what the node knows",
      `${label} is online, the controller has it offline`,
    );
  await checkEvents(world, node);
}

/** Of what the controller wants of a site each is with one node. */
async function checkPlaces({ controller, nodes }: World): Promise<void> {
  const [first] = nodes;
  if (!first) return;
  const wanted = await controller.host.ask(({ store }) => store.desired.ofSite(asSiteId(first.site)));
  for (const { kind, id, deleted } of wanted) {
    if (kind !== "service" || deleted) continue;
    const owners = nodes.filter(({ host }) =>
      host.program?.reconciler.snapshot().services.some((one) => one.id === id),
    );
    if (owners.length !== 1)
      throw new Violation(
        "what is wanted runs",
        `${id} is with ${owners.map(({ label }) => label).join(", ") || "no node"}`,
      );
  }
}

/** Nothing of one that the other does not know: an orphan could never be ended. */
function checkSame(node: string, held: readonly DesiredEntry[], wanted: readonly DesiredEntry[]): void {
  if (desiredRoot(held).root === desiredRoot(wanted).root) return;
  const text = ({ kind, id, revision, deleted }: DesiredEntry): string =>
    `${kind} ${id.slice(0, 12)} at ${revision}${deleted ? " (removed)" : ""}`;
  const only = (some: readonly DesiredEntry[], others: readonly DesiredEntry[]): string =>
    some
      .map(text)
      .filter((one) => !others.map(text).includes(one))
      .join(", ") || "nothing";
  throw new Violation(
    "the node has what the controller wants",
    `${node}: only at the node ${only(held, wanted)}; only at the controller ${only(wanted, held)}`,
  );
}

/** What the journal promised is with the controller, once and in order. */
async function checkEvents({ controller }: World, { site, label, ledger }: SimulatedNode): Promise<void> {
  const rows = await controller.host.ask(({ store }) =>
    store.sqlite.all("SELECT store, seq, body FROM event WHERE site = ? ORDER BY id", site),
  );
  for (const [journal, promised] of ledger.events) {
    const ofJournal = rows.filter(({ store }) => store === journal);
    const disordered = ofJournal.findIndex(
      ({ seq }, at) => at > 0 && Number(seq) <= Number(ofJournal[at - 1]?.seq),
    );
    if (disordered > 0)
      throw new Violation(
        "reports arrive exactly once and in order",
        `${label}: the controller has report ${ofJournal[disordered]?.seq} after ${ofJournal[disordered - 1]?.seq}`,
      );
    const taken = ofJournal.map(({ body }) => eventText(JSON.parse(String(body)) as AgentEvent));
    let at = 0;
    for (const event of promised) {
      while (at < taken.length && taken[at] !== event) at += 1;
      if (at === taken.length)
        throw new Violation(
          "no acknowledged write is lost",
          `${label}: event "${event}" never reached the controller, or in another order`,
        );
      at += 1;
    }
  }
}
