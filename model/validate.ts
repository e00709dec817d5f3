import { FormatRegistry, type Static, type TSchema } from "@sinclair/typebox";
import { type TypeCheck, TypeCompiler } from "@sinclair/typebox/compiler";
import { err, ok, type Problem, problem, type Result } from "./errors.js";

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
if (!FormatRegistry.Has("date-time"))
  FormatRegistry.Set("date-time", (text) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text)));

/** A parser made once from a schema: JSON text or value in, typed value or the first few problems out. */
export interface Parser<S extends TSchema> {
  value(value: unknown): Result<Static<S>, Problem>;
  json(text: string): Result<Static<S>, Problem>;
}

export function parserOf<S extends TSchema>(schema: S, what: string): Parser<S> {
  let compiled: TypeCheck<S> | null = null;
  const value = (input: unknown): Result<Static<S>, Problem> => {
    compiled ??= TypeCompiler.Compile(schema);
    if (compiled.Check(input)) return ok(input as Static<S>);
    const found = [...compiled.Errors(input)].slice(0, 3).map((e) => `${e.path || "/"}: ${e.message}`);
    return err(problem("usage.invalid", `${what}: ${found.join("; ")}`));
  };
  return {
    value,
    json(text) {
      let parsed: unknown;
      try {
        parsed = JSON.parse(text);
      } catch (cause) {
        return err(
          problem("usage.invalid", `${what}: not JSON: ${cause instanceof Error ? cause.message : cause}`),
        );
      }
      return value(parsed);
    },
  };
}
