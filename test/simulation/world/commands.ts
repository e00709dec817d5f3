/** Commands to nodes, asked for at the controller: each is answered, and what changes something is done once. */
import { uuid } from "../../../bus/envelope.js";
import { asNodeId, asSiteId } from "../../../model/ids.js";
import { Violation } from "../check/ledger.js";
import type { Random } from "../time/random.js";
import type { SimulatedNode } from "./node.js";
import type { World } from "./world.js";

export function startCommands(world: World, untilMs: number): void {
  const random = world.random.fork("commands");
  const { scheduler } = world;
  for (const node of world.nodes) {
    const next = (): void => {
      if (scheduler.now() > untilMs) return;
      void ask(world, node, random).catch((error: unknown) =>
        world.trace("operator", `command refused: ${error instanceof Error ? error.message : error}`),
      );
      scheduler.after(random.int(3_000, 30_000), scheduler.world, next);
    };
    scheduler.after(random.int(1_000, 10_000), scheduler.world, next);
  }
}

async function ask(world: World, node: SimulatedNode, random: Random): Promise<void> {
  const { controller } = world;
  const id = uuid(random.next);
  const target = [...node.machine.running().keys()].find((each) => each.endsWith(".forwarder"));
  const isChange = target !== undefined && random.chance(0.7);
  const request = {
    site: asSiteId(node.site),
    node: asNodeId(node.name),
    id,
    verb: isChange ? "lvnf.write" : "status",
    // What is written is the command's name: so the machine can tell how often each was done.
    args: isChange ? { id: target, handler: "mark", value: id } : {},
    deadlineMs: random.int(5_000, 60_000),
  };
  await controller.host.ask(({ commands }) => commands.ask(request));
  controller.ledger.commands.add(id);
  world.trace("operator", `command ${id}: ${request.verb}`);
  // People who are not sure ask again.
  if (random.chance(0.3)) await controller.host.ask(({ commands }) => commands.ask(request));
}

/** To be called when a machine's function is written to. */
export function noteEffect(effects: Map<string, number>, command: string, where: string): void {
  const times = (effects.get(command) ?? 0) + 1;
  effects.set(command, times);
  if (times > 1) throw new Violation("a command is done once", `${where} did ${command} for the second time`);
}

export async function checkCommands({ controller, nodes, wasDone }: World): Promise<void> {
  const all = [];
  for (const { site, name } of nodes)
    all.push(
      ...(await controller.host.ask(({ store }) =>
        store.commands.ofNode(asSiteId(site), asNodeId(name), 10_000),
      )),
    );
  for (const id of controller.ledger.commands) {
    const found = all.find((one) => one.id === id);
    if (!found) throw new Violation("no acknowledged write is lost", `command ${id} is not known any more`);
    if (!found.answer) throw new Violation("every command is answered", `${found.verb} ${id} is not`);
    const isOk = found.answer.outcome === "ok" && found.verb === "lvnf.write";
    if (isOk && !wasDone(id))
      throw new Violation("a command is done once", `${id} is answered ok, and was never done`);
  }
}
