/**
 * A persistent OVSDB client (RFC 7047): one connection that is made again whenever it ends, on which one
 * monitor keeps a replica current and transactions are sent. ovsdb-server sends the `update` of a transaction
 * before its reply, so after a reply the replica already has what was done.
 */
import { connect } from "node:net";
import { LightmanoError } from "../../../model/errors.js";
import { keepConnected, linkSignal, untilInStep, type WaitClock, withDeadline } from "../wait.js";
import { createJsonRpcSession, type Json, type JsonObject, type JsonRpcSession } from "./json-rpc.js";

export interface OvsdbClientOptions {
  /** Path of a Unix socket, or `tcp:host:port`. */
  readonly address: string;
  readonly database: string;
  /** Columns to monitor, by table. */
  readonly monitor: Readonly<Record<string, readonly string[]>>;
  readonly clock: WaitClock;
  /** The whole of the monitored columns, at each (re)connect. */
  initial(tables: Json): void;
  update(tables: Json): void;
  disconnected(reason: string): void;
}

/** One result an operation, or the error of the operation that failed; then nothing was committed. */
export type TransactOutcome =
  | { readonly ok: true; readonly results: readonly JsonObject[] }
  | { readonly ok: false; readonly error: string; readonly details: string };

export interface OvsdbClient {
  /** Connects, and again and again, until the signal aborts. Returns at once. */
  start(signal: AbortSignal): void;
  /** Throws `driver.unavailable` while there is no connection: what was monitored last may be out of date. */
  requireConnection(): void;
  transact(operations: readonly JsonObject[], signal: AbortSignal): Promise<TransactOutcome>;
}

const PROBE_EVERY_MS = 5_000;
/** A large database takes its time: 1.4 MB took 0.14 s. */
const MONITOR_TIMEOUT_MS = 20_000;
const RECONNECT = { firstMs: 20, maxMs: 500 };

export function createOvsdbClient(options: OvsdbClientOptions): OvsdbClient {
  let current: JsonRpcSession | null = null;
  const connected = (): JsonRpcSession => {
    if (current) return current;
    throw new LightmanoError("driver.unavailable", `ovsdb-server does not answer at ${options.address}`);
  };

  const live = async (up: () => void, signal: AbortSignal): Promise<string> => {
    /** Updates that overtake the monitor's reply by sharing its chunk; null once it has been applied. */
    let early: Json[] | null = [];
    const session = createJsonRpcSession(await openSocket(options.address, signal), (method, params) => {
      if (method !== "update" || !Array.isArray(params)) return;
      const tables = (params as readonly Json[])[1] ?? null;
      if (early) early.push(tables);
      else options.update(tables);
    });
    const onAbort = () => session.close("stopped");
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      const tables: Record<string, Json> = {};
      for (const [table, columns] of Object.entries(options.monitor)) tables[table] = { columns };
      const monitor = [options.database, "lightmano", tables];
      const initial = await withDeadline(signal, MONITOR_TIMEOUT_MS, late(MONITOR_TIMEOUT_MS), (limited) =>
        session.call("monitor", monitor, limited),
      );
      options.initial(initial);
      for (const tablesUpdate of early) options.update(tablesUpdate);
      early = null;
      current = session;
      up();
      void probe(session, options.clock, signal);
      return await session.closed;
    } finally {
      current = null;
      session.close("given up");
      signal.removeEventListener("abort", onAbort);
    }
  };

  return {
    start(signal) {
      void keepConnected({
        signal,
        clock: options.clock,
        ...RECONNECT,
        connect: live,
        down: options.disconnected,
      });
    },
    requireConnection: () => void connected(),
    async transact(operations, signal) {
      return outcomeOf(await connected().call("transact", [options.database, ...operations], signal));
    },
  };
}

/** Errors of operations lie inside a good reply (RFC 7047 §4.1.3); one of the commit follows the last operation's. */
function outcomeOf(reply: Json): TransactOutcome {
  const results = (Array.isArray(reply) ? reply : []) as readonly (JsonObject | null)[];
  for (const result of results) {
    if (result && "error" in result) {
      return { ok: false, error: String(result.error), details: String(result.details ?? "") };
    }
  }
  return { ok: true, results: results.map((result) => result ?? {}) };
}

const late = (timeoutMs: number) => () =>
  new LightmanoError("driver.unavailable", `no answer in ${timeoutMs} ms`);

/** A server that hangs keeps its socket open: ask for a sign of life. */
async function probe(session: JsonRpcSession, clock: WaitClock, signal: AbortSignal): Promise<void> {
  const life = linkSignal(signal);
  void session.closed.then(() => life.abort());
  const ends = life.signal;
  while (!ends.aborted) {
    await clock.delay(untilInStep(PROBE_EVERY_MS), ends);
    if (ends.aborted) return;
    try {
      await withDeadline(ends, PROBE_EVERY_MS, late(PROBE_EVERY_MS), (limited) =>
        session.call("echo", [], limited),
      );
    } catch (thrown) {
      session.close((thrown as Error).message);
    }
  }
}

function openSocket(address: string, signal: AbortSignal) {
  const tcp = /^tcp:(.+):(\d+)$/.exec(address);
  const socket = tcp?.[1]
    ? connect({ host: tcp[1].replace(/^\[|\]$/g, ""), port: Number(tcp[2]) })
    : connect({ path: address });
  return new Promise<typeof socket>((resolve, reject) => {
    const onAbort = () => socket.destroy(new Error("stopped"));
    signal.addEventListener("abort", onAbort, { once: true });
    const done = () => signal.removeEventListener("abort", onAbort);
    socket.once("error", (error) => {
      done();
      reject(error);
    });
    socket.once("connect", () => {
      done();
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}
