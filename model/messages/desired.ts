import { type Static, Type } from "@sinclair/typebox";
import { DigestText, IdText, message } from "./envelope.js";

/** Grows with every change to the object; an older revision never replaces a newer one. */
const revision = Type.Integer({
  minimum: 1,
  description: "Grows with every change; an older one is ignored.",
});
const deleted = Type.Optional(
  Type.Literal(true, {
    description: "Tombstone: the object is to be removed. An empty payload never means that.",
  }),
);

/** Relative path → text. A package is small (descriptors and Click scripts); images travel by other ways. */
export const PackageFiles = Type.Record(
  Type.String({ pattern: "^[^\\u0000-\\u001f\\u007f]{1,255}$" }),
  Type.String({ maxLength: 262_144 }),
  { additionalProperties: false },
);

/** A descriptor package: an entry file (the NSD) with what it imports and the artifacts it names. */
export const DescriptorPackage = Type.Object(
  {
    digest: DigestText,
    entry: Type.String({ minLength: 1, maxLength: 255 }),
    files: PackageFiles,
  },
  { $id: "DescriptorPackage", description: "Digest is over {entry, files}; the receiver checks it." },
);
export type DescriptorPackage = Static<typeof DescriptorPackage>;

/** A network service instance as it is wanted: which package, with which inputs. */
export const ServiceRequest = Type.Object(
  {
    id: IdText,
    name: Type.String({ minLength: 1, maxLength: 128 }),
    packageDigest: DigestText,
    inputs: Type.Record(Type.String(), Type.Unknown()),
  },
  { $id: "ServiceRequest" },
);
export type ServiceRequest = Static<typeof ServiceRequest>;

export const DesiredPackage = message("DesiredPackage", "A descriptor package that the site is to hold.", {
  revision,
  deleted,
  package: Type.Optional(DescriptorPackage),
});
export type DesiredPackage = Static<typeof DesiredPackage>;

export const DesiredService = message(
  "DesiredService",
  "A network service instance that the site is to run.",
  {
    revision,
    deleted,
    service: Type.Optional(ServiceRequest),
  },
);
export type DesiredService = Static<typeof DesiredService>;

export const DesiredDigest = message("DesiredDigest", "Root digest over all desired objects of the site.", {
  root: DigestText,
  objects: Type.Integer({ minimum: 0 }),
  since: Type.Optional(
    Type.String({
      format: "date-time",
      description:
        "Every object that counts was said at this time or later. What the broker retains of an earlier one the controller does not know: it was restored from an old copy.",
    }),
  ),
});
export type DesiredDigest = Static<typeof DesiredDigest>;

/** `data` of the event `desired.ahead`: what a node holds that is newer than what the controller says. */
export const DesiredAhead = Type.Object({
  objects: Type.Array(
    Type.Object({
      kind: Type.Union([Type.Literal("package"), Type.Literal("service")]),
      id: Type.String(),
      revision,
      deleted: Type.Boolean(),
    }),
  ),
});

export type DesiredKind = "package" | "service";
