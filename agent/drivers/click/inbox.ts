/**
 * What came on a connection and was not taken yet. An answer may have a hundred megabytes and comes in small pieces: once its
 * length is known there is room for it, which is filled, and looked into when it is full.
 */
export interface Inbox {
  /** All that can be looked at; null: what is waited for is not all there. */
  add(chunk: Buffer): Buffer | null;
  /** What was not taken, and how many bytes there must be before there is use in looking again; 0: with the next. */
  keep(rest: Buffer, neededBytes: number): void;
  /** What came behind what was waited for; null: nothing did. */
  next(): Buffer | null;
}

export function createInbox(): Inbox {
  let held: Buffer = Buffer.alloc(0);
  /** For an answer that is not all there. */
  let room: Buffer | null = null;
  let filled = 0;
  /** Behind it. */
  let behind: Buffer | null = null;
  const add = (chunk: Buffer): Buffer | null => {
    if (room === null) return held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const taken = chunk.copy(room, filled);
    filled += taken;
    if (filled < room.length) return null;
    behind = taken < chunk.length ? chunk.subarray(taken) : null;
    const whole = room;
    room = null;
    return whole;
  };
  return {
    add,
    keep(rest, neededBytes) {
      held = rest;
      if (neededBytes <= rest.length) return;
      room = Buffer.allocUnsafeSlow(neededBytes);
      filled = rest.copy(room, 0);
      held = room.subarray(0, 0);
    },
    next() {
      const chunk = behind;
      behind = null;
      return chunk && add(chunk);
    },
  };
}
