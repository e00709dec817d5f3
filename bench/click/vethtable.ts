/** The figures of `veth.ts`: what is collected by name, and what unit and note a name has. */
import { type Result, resultOf } from "../result.js";

/** By name, the values of each round, in the order in which names are first met. */
export class Table {
  readonly #values = new Map<string, number[]>();
  add(name: string, value: number): void {
    const list = this.#values.get(name);
    if (list === undefined) this.#values.set(name, [value]);
    else list.push(value);
  }
  median(name: string): number | undefined {
    const list = this.#values.get(name);
    return list === undefined ? undefined : resultOf("", "", list).median;
  }
  results(): readonly Result[] {
    return [...this.#values].map(([name, values]) => resultOf(name, unitOf(name), values, noteOf(name)));
  }
}

function unitOf(name: string): string {
  if (name.startsWith("pss.")) return "MB";
  if (name.includes(".ratio.")) return "×";
  return /\.cpu(\.own)?$/.test(name) ? "µs" : "kpps";
}

function noteOf(name: string): string | undefined {
  if (name.startsWith("pss.")) return name.startsWith("pss.loaded") ? "after load" : "two ports, before load";
  if (name.startsWith("veth.limit")) return "tc mirred redirect between the same two";
  if (name.startsWith("veth.ratio.rate")) return "lclick's default METHOD against the limit, round by round";
  if (name.startsWith("veth.run.ratio.cpu")) return "with GSO against without, round by round";
  if (name.startsWith("veth.ratio.cpu")) return "lclick's default METHOD against the others' best median";
  if (name.startsWith("veth.ratio."))
    return name.includes(".rate.")
      ? "with GSO against the limit, round by round"
      : "with GSO against the others' best median";
  if (name.endsWith(".own"))
    return "without the softirqs on its core: the receiving end's stack, in the sender's time";
  return name.endsWith(".cpu") ? "CPU time a packet" : undefined;
}
