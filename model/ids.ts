/**
 * Branded identifiers. A brand costs nothing at run time and keeps a node's name from being passed where
 * a site's is wanted. Values enter through the `as…` functions, which check the alphabet: every one of
 * these ends up in an MQTT topic level, a file name or an OVSDB external_id.
 */
declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

export type SiteId = Branded<string, "SiteId">;
export type NodeId = Branded<string, "NodeId">;
/** Identifier of a network service instance, as SOL005's NsInstance.id. */
export type ServiceId = Branded<string, "ServiceId">;
/** `sha256:` and 64 hex digits over the canonical JSON of a value. */
export type Digest = Branded<string, "Digest">;

/** What every id looks like: safe as a topic level, a file name and an external_id. */
export const ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$";
export const DIGEST_PATTERN = "^sha256:[0-9a-f]{64}$";
const idRegExp = new RegExp(ID_PATTERN);
const digestRegExp = new RegExp(DIGEST_PATTERN);

export const isId = (text: string): boolean => idRegExp.test(text);
export const isDigest = (text: string): boolean => digestRegExp.test(text);

export const asSiteId = (text: string): SiteId => checkedId(text, "site id") as SiteId;
export const asNodeId = (text: string): NodeId => checkedId(text, "node id") as NodeId;
export const asServiceId = (text: string): ServiceId => checkedId(text, "service id") as ServiceId;
export const asDigest = (text: string): Digest => {
  if (!isDigest(text)) throw new TypeError(`not a digest: ${JSON.stringify(text)}`);
  return text as Digest;
};

function checkedId(text: string, what: string): string {
  if (!isId(text)) throw new TypeError(`not a ${what}: ${JSON.stringify(text)}, expected ${ID_PATTERN}`);
  return text;
}
