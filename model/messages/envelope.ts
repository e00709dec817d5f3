import { type Static, type TObject, type TProperties, Type } from "@sinclair/typebox";
import { DIGEST_PATTERN, ID_PATTERN } from "../ids.js";

/** Every payload: `v` version of this contract, `id` unique to the message, `ts` when it was made. */
const envelopeProperties = {
  v: Type.Literal(1, { description: "Version of the message contract." }),
  id: Type.String({
    minLength: 1,
    maxLength: 64,
    description: "Unique to this message; makes delivery idempotent.",
  }),
  ts: Type.String({ format: "date-time", description: "When the sender made it (RFC 3339, UTC)." }),
};
export const Envelope = Type.Object(envelopeProperties);
export type Envelope = Static<typeof Envelope>;

/** An envelope with further members; unknown members are allowed, so that a newer sender is understood. */
export function message<P extends TProperties>(
  $id: string,
  description: string,
  properties: P,
): TObject<typeof envelopeProperties & P> {
  return Type.Object({ ...envelopeProperties, ...properties }, { $id, description });
}

export const IdText = Type.String({ pattern: ID_PATTERN });
export const DigestText = Type.String({ pattern: DIGEST_PATTERN });
export const Timestamp = Type.String({ format: "date-time" });
