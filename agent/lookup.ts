/** What people call a thing, and what it is: by its id, or by its name alone where only one has it. */
import { LightmanoError } from "../model/errors.js";
import type { FunctionStatus, ServiceStatus } from "../model/messages/node.js";
import type { FunctionTarget, LvnfTarget } from "./domain/target.js";
import type { Reconciler } from "./reconciler-api.js";

/** All but `functions` throw where there is no such thing (`object.not-found`), or more than one (`usage.invalid`). */
export interface Lookup {
  service(id: string): ServiceStatus;
  functions(): readonly FunctionStatus[];
  function(name: string): FunctionStatus;
  /** One that is to run: of what its service has no longer, only its state can be asked (`object.conflict`). */
  wanted(name: string): FunctionTarget;
  lvnf(name: string): LvnfTarget;
  /** A handler by the name that its descriptor gives it, as Click calls it; `handler.not-declared`. */
  handler(
    name: string,
    handler: string,
    access: "read" | "write",
  ): { readonly id: string; readonly handler: string };
}

export function createLookup(reconciler: Pick<Reconciler, "snapshot">): Lookup {
  const functions = (): readonly FunctionStatus[] =>
    reconciler.snapshot().services.flatMap((service) => service.functions);
  const serviceOf = (id: string): ServiceStatus => {
    const found = reconciler.snapshot().services.find((service) => service.id === id);
    if (!found) throw new LightmanoError("object.not-found", `no service ${id}`);
    return found;
  };
  const functionOf = (name: string): FunctionStatus => {
    const all = functions();
    const found = all.filter((f) => f.id === name || f.name === name);
    const [only] = found;
    if (!only)
      throw new LightmanoError(
        "object.not-found",
        `no function ${name}; there are ${all.map(({ id }) => id).join(", ") || "none"}`,
      );
    if (found.length > 1)
      throw new LightmanoError(
        "usage.invalid",
        `${name} is ambiguous: ${found.map(({ id }) => id).join(", ")}`,
      );
    return only;
  };
  const wantedOf = (name: string): FunctionTarget => {
    const { id, state } = functionOf(name);
    const target = reconciler.snapshot().target.functions.get(id);
    if (!target) throw new LightmanoError("object.conflict", `${id} is ${state}: it is wanted no more`);
    return target;
  };
  const lvnfOf = (name: string): LvnfTarget => {
    const target = wantedOf(name);
    if (target.kind !== "lvnf") throw new LightmanoError("object.not-found", `${target.id} is no LVNF`);
    return target;
  };
  const handlerOf = (
    name: string,
    handler: string,
    access: "read" | "write",
  ): { readonly id: string; readonly handler: string } => {
    const { id, handlers } = lvnfOf(name);
    const declared = handlers.find((h) => h.name === handler);
    if (!declared || (declared.access !== access && declared.access !== "both")) {
      const names = handlers.filter((h) => h.access === access || h.access === "both").map((h) => h.name);
      throw new LightmanoError(
        "handler.not-declared",
        `${id} declares no handler "${handler}" to ${access}; it declares ${names.join(", ") || "none"}`,
      );
    }
    return { id, handler: declared.handler };
  };
  return {
    service: serviceOf,
    functions,
    function: functionOf,
    wanted: wantedOf,
    lvnf: lvnfOf,
    handler: handlerOf,
  };
}
