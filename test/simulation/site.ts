/**
 * The other half of a seed: the nodes of one site, their hubs, terms and owners. The reducer is the real one
 * (agent/domain/site), in the world of test/support/site-world.ts: what is checked at every step is that a
 * service has one owner and that terms only rise.
 */
import type { SiteSettings } from "../../agent/domain/site/terms.js";
import type { Fault, Sabotage } from "../support/site-faults.js";
import { createWorld } from "../support/site-world.js";
import type { Bugs } from "./bugs.js";
import { Violation } from "./check/ledger.js";
import { createRandom, type Random } from "./time/random.js";

/** After the last fault there is one hub within this time, and every service has an owner after the second. */
const HUB_MS = 12_000;
const OWNERS_MS = 60_000;

/** Throws a Violation. */
export function playSite(seed: number, bugs: Bugs, trace: (line: string) => void): void {
  const random = createRandom(seed).fork("site");
  const settings = settingsFrom(random);
  const world = createWorld({ settings, seed: random.int(0, 2 ** 31), sabotage: sabotageOf(bugs) });
  const tell = (what: string): void =>
    trace(`${world.clock().toFixed(1).padStart(10)} site           ${what}`);
  const check = (): void => {
    const [first] = world.violations;
    if (first) throw new Violation("a service has one owner, and terms only rise", first);
    if (settings.unseen === "keep" && world.stopped[0])
      throw new Violation("a change of hubs ends nothing", world.stopped[0]);
  };
  tell(`${settings.nodes.length} nodes, unseen: ${settings.unseen}`);
  if (random.chance(0.5)) world.run(20_000);
  for (let left = random.int(0, 14); left > 0; left -= 1) {
    const fault = faultFrom(random, settings);
    tell(JSON.stringify(fault));
    world.inflict(fault);
    world.run(random.int(0, 15_000));
    check();
  }
  world.heal();
  tell("faults end");
  world.run(HUB_MS);
  check();
  world.run(OWNERS_MS);
  check();
  const hubs = world.hubs();
  if (hubs.length !== 1 || world.followed().some((followed) => followed !== hubs[0]))
    throw new Violation("one hub speaks", `hubs are ${hubs}, followed are ${world.followed()}`);
  for (const service of world.wanted) {
    const at = world.where(service);
    if (at.length !== 1)
      throw new Violation("what is wanted runs", `${service} is on ${at.join(", ") || "no node"}`);
  }
}

function settingsFrom(random: Random): SiteSettings {
  const nodes = Array.from({ length: random.int(2, 5) }, (_, at) => `n${at}`);
  return {
    nodes,
    candidates: nodes.slice(0, 3),
    unseen: random.pick(["keep", "lease", "availability"]),
    beatMs: 1_000,
    takeOverMs: 3_000,
    preferMs: 8_000,
    leaseMs: 12_000,
  };
}

const sabotageOf = (bugs: Bugs): Sabotage => (bugs.has("no-fence") ? "no-fence" : "none");

function faultFrom(random: Random, { nodes, unseen }: SiteSettings): Fault {
  const forMs = random.int(200, 40_000);
  const node = random.int(0, nodes.length - 1);
  const service = random.int(0, 3);
  return random.pick<Fault>([
    { kind: "machine", node, forMs },
    // Only with `keep` do functions outlive the right of their node to run them.
    { kind: unseen === "keep" ? "agent" : "machine", node, forMs },
    { kind: "partition", mask: random.int(1, 2 ** nodes.length - 2), forMs },
    { kind: "loss", share: 0.05 + random.next() * 0.65, forMs },
    { kind: "disk", node, forMs },
    { kind: "wipe", node, forMs },
    { kind: "port", node, forMs },
    { kind: "clock", node, byMs: random.int(-60_000, 60_000) },
    { kind: "want", service },
    { kind: "bury", service },
    { kind: "calm", forMs },
  ]);
}
