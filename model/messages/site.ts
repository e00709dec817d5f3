import { type Static, Type } from "@sinclair/typebox";
import { DigestText, IdText, message } from "./envelope.js";

const version = Type.Integer({ minimum: 0 });

/** One reign of one hub; ordered by number, then hub, then session. */
export const SiteTerm = Type.Object(
  {
    number: Type.Integer({ minimum: 0 }),
    hub: IdText,
    session: Type.String({ maxLength: 64, description: "Of the hub's process." }),
  },
  { $id: "SiteTerm" },
);

const stamp = { term: SiteTerm, version };
const SiteStamp = Type.Object(stamp);

/** Which node runs which service. */
export const SiteTable = Type.Object(
  {
    ...stamp,
    owners: Type.Record(
      IdText,
      Type.Object({
        node: IdText,
        release: Type.Boolean({ description: "It is to let it go; nobody may run it until it has." }),
      }),
      { additionalProperties: false },
    ),
  },
  { $id: "SiteTable" },
);

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const settings = {
  settings: DigestText,
};
const settingsNote =
  "`settings` is the digest of the site's settings: nodes that are configured otherwise refuse it.";

export const HubBeacon = message("HubBeacon", `The hub is there, every second. ${settingsNote}`, {
  ...settings,
  term: SiteTerm,
  number: Type.Integer({ minimum: 1 }),
  committed: Type.Integer({
    minimum: 0,
    description: "A quorum has all tables of the term up to this version on disk.",
  }),
  grants: Type.Record(IdText, Type.String(), {
    description: "Node → its beat from which its lease counts.",
    additionalProperties: false,
  }),
});
export type HubBeacon = Static<typeof HubBeacon>;

export const NodeBeat = message("NodeBeat", `A member tells its hub what is on its disk. ${settingsNote}`, {
  ...settings,
  beat: Type.String({ minLength: 1, maxLength: 128, description: "Unique to this beat: a grant names it." }),
  adopted: nullable(SiteTerm),
  echo: nullable(Type.Integer()),
  table: nullable(SiteStamp),
  voice: Type.Boolean({ description: "It counts in quorums; not after it lost its journal." }),
  whole: nullable(SiteTable),
  obeyed: nullable(SiteStamp),
  holds: Type.Array(IdText, { description: "Services that may run there." }),
  offer: Type.Object({ ports: Type.Array(Type.String()), kinds: Type.Array(Type.String()) }),
});
export type NodeBeat = Static<typeof NodeBeat>;

export const NodeAssignment = message(
  "NodeAssignment",
  `The table of owners, fenced by its term: a node refuses one below the highest term in its journal. ${settingsNote}`,
  {
    ...settings,
    table: SiteTable,
    committed: version,
    voice: Type.Union([Type.String(), Type.Null()], {
      description: "Session of the node that counts in quorums from now on.",
    }),
  },
);
export type NodeAssignment = Static<typeof NodeAssignment>;
