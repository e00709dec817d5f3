/**
 * When a container's ports listen. Nothing announces that, so /proc is read: every 20 ms, and only while
 * some running container is not ready yet.
 */
import { readFile } from "node:fs/promises";
import type { InspectedContainer } from "./spec.js";

export interface Readiness {
  /** Follows exactly these containers from now on. */
  follow(containers: Iterable<InspectedContainer>): void;
  isReady(container: InspectedContainer): boolean;
  /** Looks now at all that are not ready yet; resolves when each has been looked at once. */
  look(): Promise<void>;
  stop(): void;
}

const FAST_MS = 20;
const SLOW_MS = 250;
/** After this long without it listening there is no hurry any more. */
const FAST_FOR_MS = 10_000;

export function createReadiness(procRoot: string, changed: () => void): Readiness {
  /** One life of a process, by pid and start, → whether it listens. */
  let lives = new Map<
    string,
    { readonly inspected: InspectedContainer; readonly sinceMs: number; ready: boolean }
  >();
  let timer: NodeJS.Timeout | null = null;

  const plan = () => {
    const waiting = [...lives.values()].filter(({ ready }) => !ready);
    if (timer !== null || waiting.length === 0) return;
    const youngest = Math.max(...waiting.map(({ sinceMs }) => sinceMs));
    const pauseMs = performance.now() - youngest < FAST_FOR_MS ? FAST_MS : SLOW_MS;
    timer = setTimeout(() => {
      void look().finally(() => {
        timer = null;
        plan();
      });
    }, pauseMs);
    timer.unref();
  };
  const look = async () => {
    for (const life of [...lives.values()]) {
      if (life.ready || life.inspected.container.pid === null) continue;
      const listening = await listeningPorts(procRoot, life.inspected.container.pid);
      if (!life.inspected.readyPorts.every((port) => listening.has(port))) continue;
      life.ready = true;
      changed();
    }
  };

  return {
    look,
    follow(containers) {
      const next: typeof lives = new Map();
      for (const inspected of containers) {
        if (inspected.container.pid === null || inspected.readyPorts.length === 0) continue;
        const key = lifeOf(inspected);
        next.set(key, lives.get(key) ?? { inspected, sinceMs: performance.now(), ready: false });
      }
      lives = next;
      plan();
    },
    isReady: (inspected) =>
      inspected.container.state === "running" &&
      (inspected.readyPorts.length === 0 || lives.get(lifeOf(inspected))?.ready === true),
    stop() {
      lives = new Map();
      if (timer) clearTimeout(timer);
    },
  };
}

const lifeOf = ({ container }: InspectedContainer): string => `${container.pid} ${container.startedAt}`;

async function listeningPorts(procRoot: string, pid: number): Promise<ReadonlySet<number>> {
  const tables = await Promise.all(
    // A kernel without IPv6 has no tcp6, a process that just ended neither.
    ["tcp", "tcp6"].map((table) => readFile(`${procRoot}/${pid}/net/${table}`, "latin1").catch(() => "")),
  );
  return new Set(tables.flatMap(parseListening));
}

const LISTEN = "0A";

/** Local ports in state LISTEN of a /proc/net/tcp table (proc(5)). */
export function parseListening(table: string): number[] {
  const ports: number[] = [];
  for (const line of table.split("\n").slice(1)) {
    const [, local, , state] = line.trim().split(/\s+/);
    if (state === LISTEN && local !== undefined)
      ports.push(Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16));
  }
  return ports;
}
