/**
 * Virtual time. Whatever happens is an event: a function that is due at a time and belongs to a process (an
 * incarnation of an agent, of the controller; or the world, which never ends). One event runs at a time, and
 * the next one only when no promise of the last has anything left to do. So whatever an event causes, down
 * to the timers that its promises set, belongs to the process whose event it is; and when a process is
 * killed nothing of it ever runs again, wherever it was waiting.
 */
export interface Process {
  readonly name: string;
  readonly alive: boolean;
}

export interface VirtualTimer {
  readonly at: number;
  readonly owner: Process;
  cancelled: boolean;
}

export interface Scheduler {
  /** Milliseconds since the simulation began; never goes back, whatever the clocks of nodes say. */
  now(): number;
  /** Whose event is running. */
  current(): Process;
  readonly world: Process;
  spawn(name: string): Process;
  /** The process ends in this instant: of what it waits for nothing comes. */
  kill(process: Process): void;
  /** Runs `work` as an event of this process after a time. Events due at one time run in the order in which they were asked for. */
  after(delayMs: number, owner: Process, work: () => void): VirtualTimer;
  cancel(timer: VirtualTimer): void;
  /** Runs what is due up to this time. Rejects with what an event threw. */
  runUntil(timeMs: number): Promise<void>;
  /** Called after each event, when all that followed from it is done. What it throws ends the run. */
  onSettled(check: () => void): void;
  /** How many events have run. */
  events(): number;
}

interface Entry extends VirtualTimer {
  readonly sequence: number;
  readonly work: () => void;
}

export function createScheduler(): Scheduler {
  const world: Process = { name: "world", alive: true };
  const alive = new WeakMap<Process, { alive: boolean }>();
  const heap: Entry[] = [];
  let now = 0;
  let current = world;
  let sequence = 0;
  let events = 0;
  let check: () => void = () => undefined;

  const runUntil = (timeMs: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          if (events > 0) check();
          const next = take(timeMs);
          if (!next) {
            now = Math.max(now, timeMs);
            current = world;
            return resolve();
          }
          now = Math.max(now, next.at);
          current = next.owner;
          events += 1;
          next.work();
        } catch (thrown) {
          return reject(thrown);
        }
        // A microtask that asks for a tick: Node runs all microtasks, also those that come meanwhile, before it.
        queueMicrotask(() => process.nextTick(step));
      };
      step();
    });

  /** The next event that is due and whose process lives. */
  const take = (timeMs: number): Entry | null => {
    for (let first = heap[0]; first && first.at <= timeMs; first = heap[0]) {
      pop(heap);
      if (!first.cancelled && first.owner.alive) return first;
    }
    return null;
  };

  return {
    now: () => now,
    current: () => current,
    world,
    spawn(name) {
      const state = { alive: true };
      const process: Process = {
        name,
        get alive() {
          return state.alive;
        },
      };
      alive.set(process, state);
      return process;
    },
    kill(process) {
      const state = alive.get(process);
      if (state) state.alive = false;
    },
    after(delayMs, owner, work) {
      const entry: Entry = {
        at: now + Math.max(0, delayMs),
        owner,
        cancelled: false,
        sequence: sequence++,
        work,
      };
      push(heap, entry);
      return entry;
    },
    cancel(timer) {
      timer.cancelled = true;
    },
    runUntil,
    onSettled(next) {
      check = next;
    },
    events: () => events,
  };
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.sequence < b.sequence);

function push(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Entry;
    if (!before(entry, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    if (left >= heap.length) break;
    const right = left + 1;
    const child = right < heap.length && before(heap[right] as Entry, heap[left] as Entry) ? right : left;
    const below = heap[child] as Entry;
    if (!before(below, last)) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = last;
}
