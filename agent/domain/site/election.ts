/** Who is hub: what a candidate does about the hubs that it hears, or hears no more. Pure. */
import { compareTerms, higherTerm, type SiteSettings, type Term } from "./terms.js";

/**
 * readying: it would be hub, and opens its broker first, for a hub that nobody hears is none; claiming: its own term is
 * on the way to the disk.
 */
export type Role = "member" | "readying" | "claiming" | "hub";

export interface Heard {
  readonly hub: string;
  readonly term: Term;
  /** When its last beacon came, and since when they came without a gap; own clock. */
  readonly at: number;
  readonly since: number;
}

export interface Election {
  readonly role: Role;
  readonly heard: ReadonlyMap<string, Heard>;
  /** Since when no hub is heard; own clock. */
  readonly quietSince: number;
  /** Own broker: whether it listens, and when it last could not; own clock. */
  readonly isAudible: boolean;
  readonly failedAt: number | null;
  /** The highest term that anybody spoke of. */
  readonly highest: Term | null;
}

export const newElection = (now: number, highest: Term | null): Election => ({
  role: "member",
  heard: new Map(),
  quietSince: now,
  isAudible: false,
  failedAt: null,
  highest,
});

export function hearTerm(election: Election, term: Term): Election {
  return { ...election, highest: higherTerm(term, election.highest) };
}

export function hearBeacon(election: Election, term: Term, now: number, settings: SiteSettings): Election {
  const before = election.heard.get(term.hub);
  // A late one of an earlier reign; or, once it was silent, one of a hub that lost its journal and its count.
  if (before && compareTerms(term, before.term) < 0 && now - before.at < settings.takeOverMs) return election;
  const since = before && now - before.at < settings.takeOverMs ? before.since : now;
  const heard = new Map(election.heard).set(term.hub, { hub: term.hub, term, at: now, since });
  return { ...hearTerm(election, term), heard };
}

/** The hub with the highest term of those that are heard. */
export function liveHub({ heard }: Election, now: number, { takeOverMs }: SiteSettings): Heard | null {
  return [...heard.values()]
    .filter(({ at }) => now - at < takeOverMs)
    .reduce<Heard | null>((best, hub) => (compareTerms(hub.term, best?.term ?? null) > 0 ? hub : best), null);
}

/** A term that is higher than all that was heard of. */
export const nextTerm = ({ highest }: Election, self: string, session: string): Term => ({
  number: (highest?.number ?? 0) + 1,
  hub: self,
  session,
});

export type Move = "claim" | "yield" | null;

/** What is to be done now. `own` is the term of this node's own reign, where it is hub or claims to be. */
export function elect(
  election: Election,
  self: string,
  own: Term | null,
  now: number,
  settings: SiteSettings,
): Move {
  const rank = settings.candidates.indexOf(self);
  if (rank < 0) return null;
  const { failedAt } = election;
  const live = liveHub(election, now, settings);
  if (election.role === "hub") {
    if (live && compareTerms(live.term, own) > 0) return "yield";
    // A member knows of a higher term and nobody reigns by it: mine must be higher, or nobody would take it.
    return compareTerms(election.highest, own) > 0 ? "claim" : null;
  }
  if (election.role === "claiming") return null;
  // What took its place may be there for long; to try costs little.
  if (failedAt !== null && now - failedAt < settings.takeOverMs) return null;
  if (!live) {
    const patience = settings.takeOverMs * (1 + rank / 2);
    return now - election.quietSince >= patience ? "claim" : null;
  }
  const isBetter = rank < settings.candidates.indexOf(live.hub);
  return isBetter && settings.preferMs !== null && now - live.since >= settings.preferMs ? "claim" : null;
}
