/**
 * Whether a container's ports listen. Nothing announces that, so /proc is read: every 20 ms while that is about to change, and
 * every two seconds of a container that is well: a service may stop listening while its process goes on.
 */
import { open } from "node:fs/promises";
import { lifeOf } from "../../domain/observed.js";
import type { InspectedContainer } from "./spec.js";

export interface Readiness {
  /** Follows exactly these containers from now on. */
  follow(containers: Iterable<InspectedContainer>): void;
  isReady(container: InspectedContainer): boolean;
  /** Looks now at all; resolves when each has been looked at once. */
  look(): Promise<void>;
  /** Something is being done to this container (a signal): it may stop listening any moment. */
  doubt(containerId: string): void;
  stop(): void;
}

const CLOSE_MS = 20;
const WAITING_MS = 250;
const WELL_MS = 2_000;
/** After this long without any change there is no hurry any more. */
const CLOSE_FOR_MS = 10_000;

interface Life {
  readonly inspected: InspectedContainer;
  ready: boolean;
  /** Looked at closely from this time on, for a while; by performance.now(). */
  closeFromMs: number;
  dueMs: number;
}

export function createReadiness(procRoot: string, changed: () => void, wellMs = WELL_MS): Readiness {
  /** By one life of a container. */
  let lives = new Map<string, Life>();
  let timer: NodeJS.Timeout | null = null;

  const pauseOf = ({ ready, closeFromMs }: Life, nowMs: number): number =>
    nowMs - closeFromMs < CLOSE_FOR_MS ? CLOSE_MS : ready ? wellMs : WAITING_MS;
  const plan = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (lives.size === 0) return;
    const dueMs = Math.min(...[...lives.values()].map((life) => life.dueMs));
    timer = setTimeout(
      () => void lookAt((life) => life.dueMs <= performance.now() + 1),
      Math.max(0, dueMs - performance.now()),
    );
    timer.unref();
  };
  const lookAt = async (isDue: (life: Life) => boolean) => {
    for (const life of [...lives.values()].filter(isDue)) {
      const { container, readyPorts } = life.inspected;
      const listening =
        container.pid === null ? new Set() : await listeningPorts(procRoot, container.pid).catch(() => null);
      const nowMs = performance.now();
      // Of a process that just ended there is nothing to read; Docker will say so.
      const ready = listening !== null && readyPorts.every((port) => listening.has(port));
      if (ready !== life.ready) {
        life.ready = ready;
        // One that listens is well; one that does no more is likely to end, or to come back.
        life.closeFromMs = ready ? Number.NEGATIVE_INFINITY : nowMs;
        if (lives.get(lifeOf(container)) === life) changed();
      }
      life.dueMs = nowMs + pauseOf(life, nowMs);
    }
    plan();
  };

  return {
    look: () => lookAt(() => true),
    doubt(containerId) {
      const nowMs = performance.now();
      for (const life of lives.values())
        if (life.inspected.container.containerId === containerId) life.closeFromMs = life.dueMs = nowMs;
      plan();
    },
    follow(containers) {
      const next = new Map<string, Life>();
      const nowMs = performance.now();
      for (const inspected of containers) {
        if (inspected.container.pid === null || inspected.readyPorts.length === 0) continue;
        const key = lifeOf(inspected.container);
        const fresh = { inspected, ready: false, closeFromMs: nowMs, dueMs: nowMs + CLOSE_MS };
        next.set(key, lives.get(key) ?? fresh);
      }
      lives = next;
      plan();
    },
    isReady: ({ container, readyPorts }) =>
      container.state === "running" &&
      (readyPorts.length === 0 || lives.get(lifeOf(container))?.ready === true),
    stop() {
      lives = new Map();
      plan();
    },
  };
}

/** Rejects where the process is gone. */
async function listeningPorts(procRoot: string, pid: number): Promise<ReadonlySet<number>> {
  const tables = await Promise.all([
    listeningPart(`${procRoot}/${pid}/net/tcp`),
    listeningPart(`${procRoot}/${pid}/net/tcp6`).catch(() => ""), // a kernel without IPv6
  ]);
  return new Set(tables.flatMap(parseListening));
}

const PIECE_BYTES = 4096;

/** The kernel lists sockets that listen before all others, of which a busy proxy has thousands: they are not read. */
async function listeningPart(path: string): Promise<string> {
  const file = await open(path);
  try {
    let text = "";
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES);
      text += buffer.toString("latin1", 0, bytesRead);
      const lines = text.split("\n").slice(1, -1);
      if (bytesRead === 0 || lines.some((line) => stateOf(line) !== LISTEN)) return text;
    }
  } finally {
    await file.close();
  }
}

const LISTEN = "0A";
const stateOf = (line: string): string | undefined => line.trim().split(/\s+/)[3];

/** Local ports in state LISTEN of a /proc/net/tcp table (proc(5)). */
export function parseListening(table: string): number[] {
  const ports: number[] = [];
  for (const line of table.split("\n").slice(1)) {
    const [, local] = line.trim().split(/\s+/);
    if (stateOf(line) === LISTEN && local !== undefined)
      ports.push(Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16));
  }
  return ports;
}
