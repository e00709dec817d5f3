import type { Envelope } from "../model/messages/envelope.js";

export interface TimeAndChance {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Makes the three members every message has (`v`, `id`, `ts`). */
export function envelopeMaker({ clock, random }: TimeAndChance): () => Envelope {
  return () => ({ v: 1, id: uuid(random), ts: new Date(clock()).toISOString() });
}

/** A version 4 UUID (RFC 9562 §5.4) out of any source of chance, so that a simulation gives the same ones again. */
export function uuid(random: () => number): string {
  const bytes = Array.from({ length: 16 }, () => Math.floor(random() * 256));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
