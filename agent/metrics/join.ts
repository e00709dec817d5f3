/** Many expositions become one: each family once, and every series with the labels of whose it is. Pure. */
import type { Family, Labels, Sample } from "./exposition.js";
import { seriesKey } from "./exposition.js";

/** Names that begin so are the agent's own. */
const RESERVED = "lightmano_";

export interface Joined {
  add(families: readonly Family[], labels: Labels): string | null;
  families(): readonly Family[];
}

/** `add` takes all of an exposition or, with the reason, nothing of it. */
export function createJoin(own: readonly Family[]): Joined {
  const joined = new Map(own.map((family) => [family.name, { ...family, samples: [...family.samples] }]));
  const seen = new Set<string>();
  return {
    add(families, labels) {
      const labelled = families.map((family) => ({
        ...family,
        samples: family.samples.map((sample) => ({ ...sample, labels: withLabels(sample, labels) })),
      }));
      const keys = labelled.flatMap(({ samples }) =>
        samples.map(({ name, labels }) => seriesKey(name, labels)),
      );
      const problem =
        labelled.flatMap(({ name, type }) => refusal(name, type, joined.get(name)) ?? [])[0] ??
        keys.filter((key) => seen.has(key)).map((key) => `${key} is told by another handler of it`)[0];
      if (problem !== undefined) return problem;
      for (const key of keys) seen.add(key);
      for (const family of labelled) {
        const known = joined.get(family.name);
        if (known) known.samples.push(...family.samples);
        else joined.set(family.name, family);
      }
      return null;
    },
    families: () => [...joined.values()],
  };
}

function refusal(name: string, type: Family["type"], known: Family | undefined): string | null {
  if (name.startsWith(RESERVED)) return `${name}: names with ${RESERVED} are the agent's own`;
  return known && known.type !== type
    ? `${name} is a ${type} here and a ${known.type} of another function`
    : null;
}

/** Ours come first. Of its own that are called so, the names get `exported_` before them, as Prometheus itself does. */
function withLabels({ labels }: Sample, ours: Labels): Labels {
  const taken = new Set([...ours, ...labels].map(([name]) => name));
  const isOurs = (name: string): boolean => ours.some(([other]) => other === name);
  const renamed = labels.map(([name, value]): readonly [string, string] => {
    if (!isOurs(name)) return [name, value];
    let exported = `exported_${name}`;
    while (taken.has(exported)) exported = `exported_${exported}`;
    taken.add(exported);
    return [exported, value];
  });
  return [...ours, ...renamed];
}
