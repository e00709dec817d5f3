/**
 * A TCP connection between two processes over a link: what is sent arrives in order, after the link's delay,
 * or not at all; at times several messages arrive in one piece. While the link is down they wait; an end that hears
 * nothing for too long gives up, and what was on the way is lost. Each end learns of the other's end on its own.
 */
import type { Random } from "../time/random.js";
import type { Process, Scheduler, VirtualTimer } from "../time/scheduler.js";

export interface Link {
  readonly name: string;
  up: boolean;
  delayMs: number;
  jitterMs: number;
  bytesPerMs: number;
  /** Counts the times that it went down. */
  outages: number;
  readonly wires: Set<Wire>;
  bytes: number;
}

export const createLink = (name: string): Link => ({
  name,
  up: true,
  delayMs: 5,
  jitterMs: 5,
  bytesPerMs: 1_000,
  outages: 0,
  wires: new Set(),
  bytes: 0,
});

/** 0 is the client's end, 1 the broker's. */
export type End = 0 | 1;

export interface WireOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly link: Link;
  readonly owners: readonly [Process, Process];
  /** Called once for each end, in its process, when it learns that the connection is gone. */
  readonly ended: (end: End, reason: string) => void;
  /** How long the link may be down before an end gives up. */
  readonly patienceMs: readonly [number, number];
}

/** By then a machine that lost its power is up again. */
const REBOOTED_MS = 20_000;

/** So much of what arrives is read some milliseconds later, in one piece with what came meanwhile, as TCP gives it. */
const HELD_SHARE = 0.2;
const HELD_MS = 30;

interface Frame {
  readonly at: number;
  readonly arrive: () => void;
}

export class Wire {
  readonly #options: WireOptions;
  readonly #open: [boolean, boolean] = [true, true];
  /** By direction, named after the end that sends. */
  readonly #frames: [Frame[], Frame[]] = [[], []];
  readonly #timers: [VirtualTimer | null, VirtualTimer | null] = [null, null];
  readonly #lastAt: [number, number] = [0, 0];
  /** Nothing arrives any more, also of what is sent before its sender learns of it. */
  #isCut = false;
  /** When the machine of an end lost its power, or null. */
  readonly #vanishedAt: [number | null, number | null] = [null, null];
  readonly #isMute: [boolean, boolean] = [false, false];

  constructor(options: WireOptions) {
    this.#options = options;
    options.link.wires.add(this);
    if (!options.link.up) this.linkDown();
  }

  get isOpen(): boolean {
    return this.#open[0] && this.#open[1];
  }

  ownerOf(end: End): Process {
    return this.#options.owners[end];
  }

  send(from: End, bytes: number, arrive: () => void): void {
    const { scheduler, link, random } = this.#options;
    if (!this.#open[from] || this.#isCut || this.#isMute[from]) return;
    link.bytes += bytes;
    this.#answerForTheVanished(from);
    const sentAt = Math.max(
      this.#lastAt[from],
      scheduler.now() + link.delayMs + random.next() * link.jitterMs,
    );
    const at = sentAt + bytes / link.bytesPerMs;
    this.#lastAt[from] = at;
    this.#frames[from].push({ at, arrive });
    this.#arm(from);
  }

  /** What this end sends from now on never arrives. */
  mute(end: End): void {
    this.#isMute[end] = true;
  }

  /** This end is closed by its own side; the other learns it when the news arrives. */
  close(end: End, reason: string): void {
    if (!this.#open[end]) return;
    const other = (1 - end) as End;
    this.send(end, 0, () => this.fail(other, reason));
    this.#open[end] = false;
    this.#letGo();
  }

  /** The end learns now that the connection is gone. */
  fail(end: End, reason: string): void {
    if (!this.#open[end]) return;
    this.#open[end] = false;
    const { scheduler, owners, ended } = this.#options;
    scheduler.after(0, owners[end], () => ended(end, reason));
    this.#letGo();
  }

  /** What is on the way is lost, and both ends learn it, each in its own time. */
  cut(reason: string): void {
    const { scheduler, random } = this.#options;
    this.#isCut = true;
    this.#frames[0] = [];
    this.#frames[1] = [];
    for (const end of [0, 1] as const)
      scheduler.after(random.next() * 2_000, scheduler.world, () => this.fail(end, reason));
  }

  /** The machine of this end lost its power: nobody says goodbye. The other end finds out by silence. */
  vanish(end: End): void {
    if (!this.#open[end]) return;
    this.#open[end] = false;
    this.#frames[end] = [];
    this.#vanishedAt[end] = this.#options.scheduler.now();
    const { scheduler, patienceMs } = this.#options;
    const other = (1 - end) as End;
    scheduler.after(patienceMs[other], scheduler.world, () => this.fail(other, "nothing heard"));
    this.#letGo();
  }

  /** A machine that is up again knows nothing of its former connections: what comes on them it answers with a reset. */
  #answerForTheVanished(from: End): void {
    const to = (1 - from) as End;
    const vanishedAt = this.#vanishedAt[to];
    if (vanishedAt === null) return;
    const { scheduler, link } = this.#options;
    const back = Math.max(0, vanishedAt + REBOOTED_MS - scheduler.now());
    scheduler.after(back + 2 * link.delayMs, scheduler.world, () => {
      if (link.up) this.fail(from, "connection reset");
    });
  }

  linkDown(): void {
    const { scheduler, link, patienceMs, random } = this.#options;
    const outage = link.outages;
    for (const end of [0, 1] as const) {
      const patience = patienceMs[end] * (1 + random.next() * 0.3);
      scheduler.after(patience, scheduler.world, () => {
        if (!link.up && link.outages === outage) this.fail(end, "nothing heard for too long");
      });
    }
  }

  linkUp(): void {
    const { link, scheduler } = this.#options;
    for (const from of [0, 1] as const) {
      const to = (1 - from) as End;
      if (this.#open[from] && !this.#open[to]) {
        // Whoever is not there any more answers with a reset.
        scheduler.after(2 * link.delayMs, scheduler.world, () => this.fail(from, "connection reset"));
      }
      this.#arm(from);
    }
  }

  #arm(from: End): void {
    const { scheduler, owners, link, random } = this.#options;
    const first = this.#frames[from][0];
    const pending = this.#timers[from];
    if (!first || !link.up || (pending && !pending.cancelled)) return;
    const to = (1 - from) as End;
    const heldMs = random.chance(HELD_SHARE) ? random.next() * HELD_MS : 0;
    const timer = scheduler.after(first.at + heldMs - scheduler.now(), owners[to], () => {
      this.#timers[from] = null;
      if (!link.up || this.#frames[from][0] !== first) return this.#arm(from);
      const frames = this.#frames[from];
      const next = frames.findIndex((frame) => frame !== first && frame.at > scheduler.now());
      const arrived = frames.splice(0, next === -1 ? frames.length : next);
      this.#arm(from);
      for (const { arrive } of arrived) if (this.#open[to]) arrive();
    });
    this.#timers[from] = timer;
  }

  #letGo(): void {
    if (!this.#open[0] && !this.#open[1]) this.#options.link.wires.delete(this);
  }
}
