/** Bodies, parameters and queries of the REST interface (ETSI GS NFV-SOL 005 v3.3.1, names as there). */
import { type Static, Type } from "@sinclair/typebox";
import { ID_PATTERN } from "../../model/ids.js";
import { PackageFiles } from "../../model/messages/desired.js";

export const IdParams = Type.Object({ id: Type.String() });
export type IdParams = Static<typeof IdParams>;

/** SOL005 §5.5.2.4 CreateNsdInfoRequest */
export const CreateNsdInfoRequest = Type.Object({ userDefinedData: Type.Optional(Type.Unknown()) });

/** Our content type: the package as JSON instead of a ZIP archive (SOL007), as the CLI has read it. */
export const NsdContent = Type.Object({
  entry: Type.String({ minLength: 1, maxLength: 255 }),
  files: PackageFiles,
});
export type NsdContent = Static<typeof NsdContent>;

/** SOL005 §6.5.2.7 CreateNsRequest */
export const CreateNsRequest = Type.Object({
  nsdId: Type.String({
    minLength: 1,
    description: "Id of the NsdInfo, or the NSD's own id where it is unambiguous.",
  }),
  nsName: Type.String({ minLength: 1, maxLength: 128 }),
  nsDescription: Type.Optional(Type.String({ maxLength: 1024 })),
});
export type CreateNsRequest = Static<typeof CreateNsRequest>;

/** SOL005 §6.5.2.11 InstantiateNsRequest */
export const InstantiateNsRequest = Type.Object({
  nsFlavourId: Type.Optional(Type.Literal("default", { description: "There is no other flavour." })),
  additionalParamsForNs: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: "The NSD's inputs." }),
  ),
  siteId: Type.String({ pattern: ID_PATTERN, description: "Our extension: where it is to run." }),
});
export type InstantiateNsRequest = Static<typeof InstantiateNsRequest>;

export const EventsQuery = Type.Object({
  since: Type.Optional(
    Type.String({ pattern: "^[0-9]{1,15}$", description: "Events after this one; without it the newest." }),
  ),
  limit: Type.Optional(Type.String({ pattern: "^[0-9]{1,4}$" })),
});
export type EventsQuery = Static<typeof EventsQuery>;

/** A command to a node: docs/reference/commands.md. */
export const CommandRequest = Type.Object(
  {
    id: Type.Optional(
      Type.String({
        pattern: ID_PATTERN,
        description: "The idempotency key: the same again is not done again. Without it one is made.",
      }),
    ),
    verb: Type.String({ pattern: "^[a-z]+([.-][a-z]+)*$", maxLength: 64 }),
    args: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    deadlineSeconds: Type.Optional(Type.Number({ minimum: 1, maximum: 604_800 })),
  },
  { additionalProperties: false },
);
export type CommandRequest = Static<typeof CommandRequest>;
