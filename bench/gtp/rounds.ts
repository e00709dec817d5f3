/** Figures of several rounds, by name, in the order in which the names come. */
import { type Result, resultOf } from "../result.js";

export class Table {
  readonly #values = new Map<string, number[]>();
  add(name: string, value: number): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }
  results(unit: (name: string) => string, note: (name: string) => string | undefined): readonly Result[] {
    return [...this.#values].map(([name, values]) => resultOf(name, unit(name), values, note(name)));
  }
}
