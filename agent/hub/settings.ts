/** What agent.yaml says of a site of several nodes, checked and in the domain's own terms. */
import { type Static, Type } from "@sinclair/typebox";
import { digestOf } from "../../model/digest.js";
import { ID_PATTERN } from "../../model/ids.js";
import type { SiteSettings } from "../domain/site/terms.js";

const Id = Type.String({ pattern: ID_PATTERN });

export const HubConfig = Type.Object(
  {
    candidates: Type.Array(
      Type.Object(
        {
          node: Type.String({ pattern: ID_PATTERN, description: "As in its own agent.yaml." }),
          url: Type.String({ pattern: "^mqtt://", description: "mqtt://HOST:PORT, reached from all nodes." }),
        },
        { additionalProperties: false },
      ),
      {
        minItems: 1,
        maxItems: 5,
        description:
          "Nodes that may be hub, in order of preference, each with the mqtt://HOST:PORT that its broker has then. The same on all nodes of the site.",
      },
    ),
    nodes: Type.Optional(
      Type.Array(Id, {
        minItems: 1,
        maxItems: 64,
        description:
          "All nodes of the site, in order of preference for new services; without it the candidates are all. The same on all nodes.",
      }),
    ),
    listen: Type.String({
      default: "0.0.0.0",
      minLength: 1,
      description: "Address of the broker while this node is hub; the port is that of its URL above.",
    }),
    unseen: Type.Union([Type.Literal("keep"), Type.Literal("lease"), Type.Literal("availability")], {
      default: "keep",
      description:
        "Services of a node that is not seen: keep: stay its own; lease: go to others when it has provably stopped them; availability: go to others, and may run twice meanwhile.",
    }),
    takeOverSeconds: Type.Number({
      default: 4,
      minimum: 0.2,
      maximum: 3600,
      description: "A hub that was not heard for so long is replaced.",
    }),
    preferSeconds: Type.Union([Type.Number({ minimum: 0, maximum: 86_400 }), Type.Null()], {
      default: 60,
      description:
        "A better candidate takes over from a hub that it has heard for so long without a gap; null: never.",
    }),
    leaseSeconds: Type.Number({
      default: 60,
      minimum: 1,
      maximum: 86_400,
      description:
        "lease: how long a node's services run without its hub; availability: how long a node is waited for.",
    }),
  },
  {
    additionalProperties: false,
    description:
      "Of a site of several nodes (docs/guide/sites-of-several-nodes.md); without it the node is its site.",
  },
);
export type HubConfig = Static<typeof HubConfig>;

/** Four are heard, or missed, before anybody takes over; and never more than one a second. */
const BEATS_A_TAKE_OVER = 4;
const LEASE_TAKE_OVERS = 6;

export function siteSettings({ candidates, nodes, unseen, ...times }: HubConfig): SiteSettings {
  const names = candidates.map(({ node }) => node);
  const { takeOverSeconds, preferSeconds, leaseSeconds } = times;
  return {
    nodes: nodes ?? names,
    candidates: names,
    unseen,
    beatMs: Math.min(1_000, (takeOverSeconds * 1_000) / BEATS_A_TAKE_OVER),
    takeOverMs: takeOverSeconds * 1_000,
    preferMs: preferSeconds === null ? null : preferSeconds * 1_000,
    leaseMs: leaseSeconds * 1_000,
  };
}

/** Nodes whose digests differ do not listen to each other: a quorum over different lists is none. */
export const settingsDigest = (settings: SiteSettings): string => digestOf(settings);

/** What is wrong beyond the schema: the key below `hub`, and a sentence. */
export function hubFaults(
  hub: HubConfig,
  node: string,
): readonly { readonly key: string; readonly detail: string }[] {
  const faults: { key: string; detail: string }[] = [];
  const names = hub.candidates.map((candidate) => candidate.node);
  const nodes = hub.nodes ?? names;
  const twice = (list: readonly string[]) => list.filter((name, index) => list.indexOf(name) !== index);
  for (const [key, list] of [
    ["candidates", names],
    ["nodes", nodes],
  ] as const)
    for (const name of new Set(twice(list)))
      faults.push({ key, detail: `node "${name}" is there twice: name each once` });
  for (const name of names.filter((one) => !nodes.includes(one)))
    faults.push({ key: "nodes", detail: `candidate "${name}" is missing: name all nodes of the site` });
  if (!nodes.includes(node))
    faults.push({
      key: hub.nodes ? "nodes" : "candidates",
      detail: `this node ("${node}") is missing: name all nodes of the site`,
    });
  for (const { url, node: name } of hub.candidates)
    if (!URL.canParse(url) || new URL(url).hostname === "" || new URL(url).port === "")
      faults.push({
        key: "candidates",
        detail: `url of "${name}": Expected mqtt://HOST:PORT with a port, got ${url}`,
      });
  const least = hub.takeOverSeconds * LEASE_TAKE_OVERS;
  if (hub.unseen === "lease" && hub.leaseSeconds < least)
    faults.push({
      key: "leaseSeconds",
      detail: `Expected at least ${least} (${LEASE_TAKE_OVERS} times takeOverSeconds), or leases would end while hubs change`,
    });
  return faults;
}

/** Where this node's own broker listens while it is hub, or null: it never is. */
export function ownBroker(
  { candidates, listen }: HubConfig,
  node: string,
): { readonly host: string; readonly port: number; readonly url: string } | null {
  const own = candidates.find((candidate) => candidate.node === node);
  if (!own) return null;
  const port = Number(new URL(own.url).port);
  const near = listen === "0.0.0.0" ? "127.0.0.1" : listen === "::" ? "::1" : listen;
  return { host: listen, port, url: `mqtt://${near.includes(":") ? `[${near}]` : near}:${port}` };
}
