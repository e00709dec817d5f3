/** What people ask for while a world runs: at the controller for every site, and at the node itself. */
import { problemOf } from "../../../model/errors.js";
import { asSiteId } from "../../../model/ids.js";
import type { Random } from "../time/random.js";
import type { SimulatedController } from "./control.js";
import type { Controller } from "./controller.js";
import type { SimulatedNode } from "./node.js";
import { LOCAL, localId, packageFor, SLOTS, type Slot } from "./packages.js";
import type { World } from "./world.js";

const INPUTS = {};
/** So long after the faults people look whether something stands in a place twice. */
const TIDYING_MS = 150_000;

interface Standing {
  /** Of the controller's: id of the instance that stands there, or null. */
  instance: string | null;
  busy: boolean;
  version: number;
}

export function startWorkload(world: World, untilMs: number): void {
  const random = world.random.fork("workload");
  const descriptors = new Map<string, string>();
  for (const [at, node] of world.nodes.entries())
    for (const slot of SLOTS) {
      // What is asked for at the controller is the site's.
      if (at > 0 && !LOCAL.has(slot.name)) continue;
      const standing: Standing = { instance: null, busy: false, version: 0 };
      const next = (): void => {
        if (world.scheduler.now() > untilMs) return tidy();
        if (!standing.busy) act(world, node, slot, standing, random, descriptors);
        again();
      };
      /** What a controller restored from a backup has learned again may be in the way of what was asked for since. */
      const tidy = (): void => {
        if (
          LOCAL.has(slot.name) ||
          !world.controller.isRestored ||
          world.scheduler.now() > untilMs + TIDYING_MS
        )
          return;
        void oneOf(world, node, slot)
          .catch(() => undefined)
          .then(again); // it is tried again
      };
      const again = (): void =>
        void world.scheduler.after(random.int(3_000, 40_000), world.scheduler.world, next);
      world.scheduler.after(random.int(200, 8_000), world.scheduler.world, next);
    }
}

function act(
  world: World,
  node: SimulatedNode,
  slot: Slot,
  standing: Standing,
  random: Random,
  descriptors: Map<string, string>,
): void {
  standing.busy = true;
  const who = LOCAL.has(slot.name) ? `operator ${node.label}` : "operator";
  const done = (what: string): void => {
    standing.busy = false;
    world.trace(who, what);
  };
  // Whoever asked gives up after a while: the program may have died, and its answer with it.
  world.scheduler.after(20_000, world.scheduler.world, () => {
    standing.busy = false;
  });
  const asked = LOCAL.has(slot.name)
    ? locally(node, slot, standing, random)
    : remotely(world, node, slot, standing, random, descriptors);
  asked.then(
    (what) => done(`${slot.name}: ${what}`),
    (error: unknown) => done(`${slot.name}: refused: ${error instanceof Error ? error.message : error}`),
  );
}

async function locally(node: SimulatedNode, slot: Slot, standing: Standing, random: Random): Promise<string> {
  const id = localId(slot);
  if (standing.instance !== null && random.chance(0.3)) {
    const functionId = [...node.machine.running().keys()].find((running) => running.startsWith(`${id}.`));
    if (functionId && random.chance(0.5)) {
      node.restarting.add(functionId);
      await node.host.ask(({ operations }) => operations.restart(functionId));
      return `${functionId} restarted`;
    }
    await node.host.ask(({ operations }) => operations.terminate(id));
    standing.instance = null;
    return `${id} terminated`;
  }
  standing.version = random.int(1, 2);
  const source = packageFor(slot, standing.version);
  await node.host.ask(({ operations }) => operations.apply({ ...source, id, name: id, inputs: INPUTS }));
  standing.instance = id;
  return `${id} applied, version ${standing.version}`;
}

async function remotely(
  { controller }: World,
  { site }: SimulatedNode,
  slot: Slot,
  standing: Standing,
  random: Random,
  descriptors: Map<string, string>,
): Promise<string> {
  const { instance } = standing;
  if (instance !== null) {
    if (random.chance(0.5)) return "left as it is";
    const isKnown = await terminate(controller, site, instance);
    standing.instance = null;
    return isKnown ? `${instance} is to be terminated` : `${instance} is not there any more`;
  }
  if (controller.isRestored) {
    // Who does not know what is left of what was asked for looks.
    const [found, ...others] = await standingAt(controller, site, slot);
    for (const other of others) await terminate(controller, site, other);
    standing.instance = found ?? null;
    if (found) return `${found} is there; ${others.length} others of its kind are to be terminated`;
  }
  standing.version = random.int(1, 2);
  const source = packageFor(slot, standing.version);
  const key = `${slot.name}${standing.version}`;
  const known = descriptors.get(key);
  const descriptor = known ?? (await controller.host.ask((program) => program.onboard(source)));
  descriptors.set(key, descriptor);
  const made = await controller.host.ask(({ lcm }) => lcm.create({ nsdId: descriptor, nsName: slot.name }));
  standing.instance = made.id; // also if the answer is lost: then it is terminated some day
  controller.ledger.instances.set(made.id, "open");
  const operation = await controller.host.ask(({ lcm }) => lcm.instantiate(made.id, asSiteId(site), INPUTS));
  const revision = await controller.host.ask(revisionOf(site, made.id));
  controller.ledger.instances.set(made.id, { wanted: String(operation.id), revision });
  return `${made.id} is to be instantiated, version ${standing.version}`;
}

/** False where the controller does not know it: it was restored from a backup of before. */
async function terminate(controller: SimulatedController, site: string, instance: string): Promise<boolean> {
  controller.ledger.instances.set(instance, "open"); // until it is answered, either may be
  try {
    await controller.host.ask(({ lcm }) => lcm.terminate(instance));
  } catch (error) {
    const { code } = problemOf(error);
    if (code === "object.not-found" && controller.isRestored) return false;
    // Asked for before, and the answer did not come back.
    if (code !== "object.conflict") throw error;
  }
  const revision = await controller.host.ask(revisionOf(site, instance));
  controller.ledger.instances.set(instance, { wanted: null, revision });
  return true;
}

const revisionOf =
  (site: string, instance: string) =>
  async ({ store }: Controller): Promise<number> =>
    (await store.desired.get(asSiteId(site), "service", instance))?.revision ?? 0;

/** What the controller says that stands in a slot, newest first. */
async function standingAt(
  controller: SimulatedController,
  site: string,
  slot: Slot,
): Promise<readonly string[]> {
  const instances = await controller.host.ask(({ store }) => store.instances.list());
  const busy = await controller.host.ask(({ store }) => store.instances.processing());
  return instances
    .filter((one) => one.site === site && one.name === slot.name)
    .filter(({ id, instantiated }) => {
      const types = busy.filter(({ instanceId }) => instanceId === id).map(({ type }) => type);
      return types.includes("INSTANTIATE") || (instantiated && !types.includes("TERMINATE"));
    })
    .map(({ id }) => id)
    .reverse();
}

async function oneOf({ controller, trace }: World, { site }: SimulatedNode, slot: Slot): Promise<void> {
  const [, ...others] = await standingAt(controller, site, slot);
  for (const other of others) {
    trace("operator", `${slot.name}: ${other} stands there too, it is to be terminated`);
    await terminate(controller, site, other);
  }
}
