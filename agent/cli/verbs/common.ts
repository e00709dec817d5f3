/** What the verbs share: how they get at the agent and the terminal, and the tables that several of them print. */
import { InvalidArgumentError } from "commander";
import type { FunctionStatus, ServiceStatus } from "../../../model/messages/node.js";
import type { AgentClient } from "../client.js";
import type { Output } from "../output.js";

export interface GlobalOptions {
  readonly json: boolean;
  readonly socket: string;
}

/** Made when a verb runs, for only then the options are known. */
export type Tools = () => { readonly client: AgentClient; readonly output: Output };

/** Reads the value of an option that counts something. */
export function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const count = /^\d+$/.test(text) ? Number(text) : 0;
    if (count < 1 || count > most)
      throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}.`);
    return count;
  };
}

export function printService(service: ServiceStatus, output: Output): void {
  output.line(
    `\nservice ${service.id}: ${output.state(service.state)}${service.reason ? ` (${service.reason})` : ""}`,
  );
  printFunctions(service.functions, output);
  output.table(
    ["PATH", "STATE", "FLOWS", "REASON"],
    service.chains.map((c) => [c.name, output.state(c.state), c.flows, c.reason ?? null]),
  );
}

export function printFunctions(functions: readonly FunctionStatus[], output: Output): void {
  output.table(
    ["FUNCTION", "KIND", "STATE", "PID", "BOOT", "RESTARTS", "SINCE", "REASON"],
    functions.map((f) => [
      f.id,
      f.kind,
      output.state(f.state),
      f.pid,
      f.bootMs === null ? null : `${f.bootMs} ms`,
      f.restarts,
      f.since,
      f.reason,
    ]),
  );
}
