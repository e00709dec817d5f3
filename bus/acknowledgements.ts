/**
 * PUBACKs that wait for the disk. What comes behind a message that is being stored is heard meanwhile, so that many share
 * one commit; the PUBACKs leave in the order in which the messages came all the same ([MQTT-4.6.0-2]). One that could not
 * be stored gets none on this connection: the broker, which keeps the session, sends it again over the next.
 */

export interface AcknowledgementOptions {
  /** Writes a PUBACK; what to do where the connection is gone is its matter. */
  readonly send: (packetId: number) => void;
  /** So many could not be stored that the broker may hold back what is behind them: time for another connection. */
  readonly tooManyRefused: (refused: number) => void;
}

export interface Acknowledgements {
  /** Nothing waits: what comes now may be acknowledged at once. */
  idle(): boolean;
  /** `stored` resolves: the PUBACK leaves once those before it have. It rejects: none leaves. */
  hold(packetId: number, bytes: number, stored: Promise<void>): void;
  /** Null while more may wait, else what resolves when it may: until then nothing more should be read. */
  room(): Promise<void> | null;
}

/** What waits lies in memory. A broker that gets no room for longer than the keep-alive ends the connection itself. */
const MOST_WAITING = 512;
const MOST_BYTES = 8 * 1024 * 1024;
/** RabbitMQ has 10 messages under way to a client, mosquitto 20: each that is refused takes one of these places. */
const MOST_REFUSED = 8;

interface Waiting {
  readonly packetId: number;
  readonly bytes: number;
  state: "waiting" | "stored" | "refused";
}

export function createAcknowledgements({ send, tooManyRefused }: AcknowledgementOptions): Acknowledgements {
  const queue: Waiting[] = [];
  let bytes = 0;
  let refused = 0;
  let released: (() => void) | null = null;
  const isFull = (): boolean => queue.length >= MOST_WAITING || bytes >= MOST_BYTES;

  const settle = (): void => {
    for (let first = queue[0]; first && first.state !== "waiting"; first = queue[0]) {
      queue.shift();
      bytes -= first.bytes;
      if (first.state === "stored") send(first.packetId);
    }
    if (isFull()) return;
    released?.();
    released = null;
  };
  return {
    idle: () => queue.length === 0,
    hold(packetId, size, stored) {
      const waiting: Waiting = { packetId, bytes: size, state: "waiting" };
      queue.push(waiting);
      bytes += size;
      void stored.then(
        () => {
          waiting.state = "stored";
          settle();
        },
        () => {
          waiting.state = "refused";
          refused += 1;
          if (refused === MOST_REFUSED) tooManyRefused(refused);
          settle();
        },
      );
    },
    room() {
      if (!isFull()) return null;
      return new Promise((resolve) => {
        const before = released;
        released = () => {
          before?.();
          resolve();
        };
      });
    },
  };
}
