/**
 * The file that saved state lies in. Of what each handler answered it is a JSON object; where that would be large, a line
 * for each (`{"handler":…,"bytes":…}`) and then its bytes as they came: a text of a hundred megabytes has no place in V8's heap.
 */
import { createHash } from "node:crypto";
import { open, readFile, rename } from "node:fs/promises";
import { setImmediate as turn } from "node:timers/promises";

export type Saved = Readonly<Record<string, Buffer>>;

/** Up to here all is one JSON object, as agents before this form wrote it whatever its size. */
export const JSON_LIMIT_BYTES = 1024 * 1024;
const HEADING = "lightmano-state\n";
/** So much is digested at a time; others get their turn in between. */
const DIGEST_BYTES = 4 * 1024 * 1024;

/** What the file is to have, in pieces. */
export function encodeSaved(saved: Saved): readonly Buffer[] {
  const all = Object.entries(saved);
  const bytes = all.reduce((sum, [, value]) => sum + value.length, 0);
  if (bytes <= JSON_LIMIT_BYTES)
    return [
      Buffer.from(
        JSON.stringify(Object.fromEntries(all.map(([name, value]) => [name, value.toString("utf8")]))),
      ),
    ];
  return [
    Buffer.from(HEADING),
    ...all.flatMap(([handler, value]) => [
      Buffer.from(`${JSON.stringify({ handler, bytes: value.length })}\n`),
      value,
    ]),
  ];
}

export async function digestOf(pieces: readonly Buffer[]): Promise<string> {
  const hash = createHash("sha256");
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += DIGEST_BYTES) {
      hash.update(piece.subarray(at, at + DIGEST_BYTES));
      if (piece.length > DIGEST_BYTES) await turn();
    }
  return hash.digest("base64");
}

/** Null where there is no such file; `damaged` where it is not what we wrote. */
export async function readSaved(path: string): Promise<Saved | "damaged" | null> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) return null;
  try {
    return bytes.subarray(0, HEADING.length).equals(Buffer.from(HEADING))
      ? fromRecords(bytes.subarray(HEADING.length))
      : fromJson(bytes.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return "damaged";
    throw error;
  }
}

function fromJson(text: string): Saved | "damaged" {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "damaged";
  const all = Object.entries(value).map(([name, member]) =>
    typeof member === "string" ? ([name, Buffer.from(member)] as const) : null,
  );
  return all.includes(null) ? "damaged" : Object.fromEntries(all.flatMap((one) => (one ? [one] : [])));
}

function fromRecords(bytes: Buffer): Saved | "damaged" {
  const saved: Record<string, Buffer> = {};
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf("\n", at);
    if (end < 0) return "damaged";
    const { handler, bytes: length } = JSON.parse(bytes.toString("utf8", at, end)) ?? {};
    at = end + 1;
    if (
      typeof handler !== "string" ||
      !Number.isSafeInteger(length) ||
      length < 0 ||
      at + length > bytes.length
    )
      return "damaged";
    saved[handler] = bytes.subarray(at, at + length);
    at += length;
  }
  return saved;
}

/** The old one is there whole until the new one is. */
export async function writeSaved(path: string, pieces: readonly Buffer[]): Promise<void> {
  const file = await open(`${path}.new`, "w", 0o600);
  try {
    for (const piece of pieces) await file.appendFile(piece);
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
