/**
 * Commands to nodes. One that was asked for is on disk before that is answered; it goes to the broker, and again with each new
 * connection of ours and of its node until that has answered, for a broker may lose what it had for a node that is away. The id is the idempotency
 * key, so the node does it once and gives the same answer each time.
 */
import type { BusClient } from "../bus/client.js";
import { createGate } from "../bus/gate.js";
import type { Log } from "../bus/log.js";
import { pause, realWait, type Wait } from "../bus/wait.js";
import { digestOf } from "../model/digest.js";
import { LightmanoError, problemOf } from "../model/errors.js";
import type { NodeId, SiteId } from "../model/ids.js";
import type { Envelope } from "../model/messages/envelope.js";
import type { Command } from "../model/messages/node.js";
import { topics } from "../model/topics.js";
import type { CommandRecord } from "./store/commands.js";
import type { Store } from "./store/store.js";

export interface CommandRequest {
  readonly site: SiteId;
  readonly node: NodeId;
  readonly id?: string | undefined;
  readonly verb: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly deadlineMs: number;
}

export interface Commands {
  /** Resolves when it is on disk. An id that was used for the same gives what is known of that; for another, `object.conflict`. */
  ask(request: CommandRequest): Promise<CommandRecord>;
  listen(): void;
  run(signal: AbortSignal): Promise<void>;
}

export interface CommandsOptions {
  readonly store: Pick<Store, "commands">;
  readonly bus: BusClient;
  readonly envelope: () => Envelope;
  readonly newId: () => string;
  readonly clock: () => number;
  readonly log: Log;
  readonly wait?: Wait;
}

const RETRY_MS = 1_000;
/** A node that has not answered so long after the deadline is not waited for any more. */
const GIVEN_UP_MS = 7 * 24 * 3_600_000;

export function createCommands(options: CommandsOptions): Commands {
  const { store, bus, envelope, newId, clock, log, wait = realWait } = options;
  const gate = createGate();
  /** By site, node and id: the broker has it on this connection. */
  let published = new Set<string>();
  /** An answer could not be kept. */
  let isUnstored = false;
  const now = (): string => new Date(clock()).toISOString();
  const keyOf = ({ site, node, id }: Pick<CommandRecord, "site" | "node" | "id">): string =>
    `${site}/${node}/${id}`;

  async function publish(command: CommandRecord): Promise<void> {
    const { site, node, id, verb, args, madeAt, deadline } = command;
    const message: Command = { ...envelope(), id, ts: madeAt, deadline, args };
    const key = keyOf(command);
    // Marked before: the answer may be here before the broker's acknowledgement, and take the mark away.
    published.add(key);
    await bus.publish(topics.command(site, node, verb), message).catch((cause: unknown) => {
      published.delete(key);
      throw cause;
    });
    if (command.sentAt === null) await store.commands.sent(command, now());
  }

  async function step(): Promise<void> {
    for (const command of await store.commands.open()) {
      if (clock() - Date.parse(command.deadline) > GIVEN_UP_MS)
        await store.commands.answered(command, LOST, now());
      else if (!published.has(keyOf(command))) await publish(command);
    }
  }

  return {
    async ask({ site, node, id = newId(), verb, args, deadlineMs }) {
      const madeAt = clock();
      const deadline = new Date(madeAt + deadlineMs).toISOString();
      const made = { site, node, id, verb, args, madeAt: new Date(madeAt).toISOString(), deadline };
      const kept = await store.commands.make(made);
      if (digestOf({ verb, args }) !== digestOf({ verb: kept.verb, args: kept.args }))
        throw new LightmanoError(
          "object.conflict",
          `command ${id} to ${site}/${node} is another (${kept.verb}): each needs an id of its own`,
        );
      gate.open();
      return kept;
    },
    listen() {
      // The broker may have forgotten what it had for a node that was away, or never have known the node.
      bus.on("status", ({ status }, { site, node }) => {
        if (status !== "online" || node === null) return;
        for (const key of published) if (key.startsWith(`${site}/${node}/`)) published.delete(key);
        gate.open();
      });
      bus.on(
        "reply",
        async ({ outcome, result = null, code, detail }, { site, node, tail }) => {
          if (node === null || tail === null) return;
          const command = await store.commands.get(site, node, tail);
          if (!command || command.answer) return; // another operator's, or known
          try {
            await store.commands.answered(command, { outcome, result, code, detail }, now());
          } catch (error) {
            published.delete(keyOf(command)); // asked again, it answers the same
            isUnstored = true;
            gate.open();
            throw error;
          }
        },
        { holdsAck: true },
      );
    },
    async run(signal) {
      const forget = bus.onChange((connected) => {
        if (connected) published = new Set();
        gate.open();
      });
      while (!signal.aborted) {
        try {
          if (isUnstored) await pause(wait, RETRY_MS, signal);
          isUnstored = false;
          if (bus.connected()) await step();
          await gate.passed(signal);
        } catch (cause) {
          log.warn({ reason: problemOf(cause).detail }, "commands not sent, will be again");
          await pause(wait, RETRY_MS, signal);
        }
      }
      forget();
    },
  };
}

const LOST = {
  outcome: "expired",
  result: null,
  code: "operation.timeout",
  detail: "its node has not answered for a week after the deadline: whether it was done is not known",
} as const;
