/** What a site in memory (site-world.ts) can be made to suffer, and by which chances. */

/** A defect put in on purpose: the test shows that it is found. */
export type Sabotage =
  | "none"
  | "no-fence"
  | "term-not-journalled"
  | "lost-journal-votes"
  | "lease-by-wall-clock"
  /** A node that lost services unheard is granted again before it obeys that. */
  | "forgotten-move"
  /** What is to be released counts as released at once. */
  | "release-unheard"
  /** A node says and does what is on its way to the disk. */
  | "act-before-disk"
  /** A hub takes beats of nodes that have not promised it their term. */
  | "beats-of-any-term"
  /** A lease is counted from when the grant came, not from when it was asked for. */
  | "lease-from-receipt";

export type Fault =
  /** The machine ends and comes back, with its disk; or only the agent does, and the functions go on. */
  | { readonly kind: "machine" | "agent"; readonly node: number; readonly forMs: number }
  /** The nodes of the mask and the others do not hear each other. */
  | { readonly kind: "partition"; readonly mask: number; readonly forMs: number }
  /** Nobody hears the node, nor it them. */
  | { readonly kind: "alone"; readonly node: number; readonly forMs: number }
  /** Nobody hears the node, and it hears the others late. */
  | { readonly kind: "mute"; readonly node: number; readonly forMs: number }
  | { readonly kind: "loss"; readonly share: number; readonly forMs: number }
  /** Something else has the place of the node's broker: it cannot be opened. */
  | { readonly kind: "port"; readonly node: number; readonly forMs: number }
  | { readonly kind: "disk"; readonly node: number; readonly forMs: number }
  /** Its disk fails, and before that is over the machine ends. */
  | { readonly kind: "disk-then-machine"; readonly node: number; readonly forMs: number }
  /** A service is removed, and wanted again a little later. */
  | { readonly kind: "again"; readonly service: number; readonly forMs: number }
  /** The machine ends and its journal is lost. */
  | { readonly kind: "wipe"; readonly node: number; readonly forMs: number }
  | { readonly kind: "clock"; readonly node: number; readonly byMs: number }
  | { readonly kind: "want" | "bury"; readonly service: number }
  | { readonly kind: "calm"; readonly forMs: number };

/** Mulberry32: small, fast, the same everywhere. */
export function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
