import type { Problem, Result } from "../model/errors.js";

/** What the controller needs to know of an NSD. The rest is the site's business. */
export interface NsSummary {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly designer?: string;
  readonly inputs: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly default?: unknown;
        readonly description?: string;
        readonly required: boolean;
      }
    >
  >;
  readonly saps: readonly { readonly name: string }[];
  readonly functions: readonly { readonly name: string; readonly kind: "lvnf" | "container" }[];
}

/** `model/tosca/parse.ts`, or a stand-in of the same type. With `inputs` they are checked as for instantiation. */
export type ParsePackage = (
  source: { readonly entry: string; readonly files: Readonly<Record<string, string>> },
  inputs?: Readonly<Record<string, unknown>>,
) => Result<NsSummary, readonly Problem[]>;

/** Only these members are kept: descriptors may be large, and the package itself is stored anyway. */
export const summaryOf = ({
  id,
  name,
  version,
  designer,
  inputs,
  saps,
  functions,
}: NsSummary): NsSummary => ({
  id,
  name,
  version,
  ...(designer === undefined ? {} : { designer }),
  inputs,
  saps: saps.map((sap) => ({ name: sap.name })),
  functions: functions.map((each) => ({ name: each.name, kind: each.kind })),
});
