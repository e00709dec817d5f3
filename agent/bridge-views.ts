/** Ports and paths of the bridge, as the API and the command line show them. Pure. */
import type { ObservedOvs } from "./domain/observed.js";
import type { Snapshot } from "./reconciler-api.js";

/** Of each port of our bridge what uses it: a function's port, or an access point of the node (`saps`: interface by its name). */
export function portViews(
  { target }: Pick<Snapshot, "target">,
  ovs: ObservedOvs | null,
  saps: Readonly<Record<string, string>>,
) {
  const bridge = ovs?.bridges.get(target.bridge.name);
  const owners = new Map(
    [...target.functions.values()].flatMap((f) =>
      f.ports.map((p) => [p.bridgeDevice, `${f.id}.${p.point.name}`] as const),
    ),
  );
  const sapOf = new Map(Object.entries(saps).map(([sap, device]) => [device, sap]));
  return [...(bridge?.ports.values() ?? [])].map(({ name, ofport, error, linkUp }) => ({
    name,
    ofport,
    linkUp,
    error,
    use: owners.get(name) ?? (sapOf.has(name) ? `SAP ${sapOf.get(name)}` : null),
  }));
}

export function chainViews({ target, plan }: Pick<Snapshot, "target" | "plan">) {
  return target.chains.map(({ id, hops }) => ({
    id,
    ...(plan.chains.get(id) ?? { state: "waiting", reason: "it is not planned yet", flows: 0 }),
    hops: hops.length,
  }));
}
