/** The file that saved state lies in: a JSON object of what each handler answered. */
import { readFile, rename, writeFile } from "node:fs/promises";

export type Saved = Readonly<Record<string, string>>;

/** Null where there is no such file; `damaged` where it is not what we wrote. */
export async function readSaved(path: string): Promise<Saved | "damaged" | null> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    const isSaved =
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((member) => typeof member === "string");
    return isSaved ? (value as Saved) : "damaged";
  } catch (error) {
    if (error instanceof SyntaxError) return "damaged";
    throw error;
  }
}

/** The old one is there whole until the new one is. */
export async function writeSaved(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
