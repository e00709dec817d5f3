/** A descriptor package from a directory, or from its entry file with all descriptors and scripts beside and below it. */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { LightmanoError } from "../../model/errors.js";

export interface PackageFilesOnDisk {
  readonly entry: string;
  readonly files: Readonly<Record<string, string>>;
}

/** File name endings that a package is made of. */
const ENDINGS = [".yaml", ".yml", ".click"];
const ENTRY_NAMES = ["nsd.yaml", "nsd.yml"];

export async function readPackageFiles(path: string): Promise<PackageFilesOnDisk> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new LightmanoError(
      "package.unreadable",
      `cannot read ${path}: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  });
  const directory = found.isDirectory() ? path : dirname(path);
  const names = await listFiles(directory, directory);
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readText(join(directory, name))] as const)),
  );
  const entry = found.isDirectory() ? ENTRY_NAMES.find((name) => name in files) : basename(path);
  if (entry === undefined)
    throw new LightmanoError(
      "package.unreadable",
      `${path}: a package has an ${ENTRY_NAMES.join(" or ")}; found ${someOf(names)}`,
    );
  return { entry, files };
}

/** Fatal: a Click script in another encoding would be another script, and nobody would be told. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

async function readText(path: string): Promise<string> {
  try {
    return utf8.decode(await readFile(path));
  } catch (cause) {
    const reason =
      cause instanceof TypeError ? "it is not UTF-8" : cause instanceof Error ? cause.message : cause;
    throw new LightmanoError("package.unreadable", `cannot read ${path}: ${reason}`, { cause });
  }
}

async function listFiles(root: string, directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : cause;
    throw new LightmanoError("package.unreadable", `cannot read ${directory}: ${reason}`, { cause });
  });
  const nested = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith("."))
      .map(async (entry) => {
        const path = join(directory, entry.name);
        if (entry.isDirectory()) return listFiles(root, path);
        return ENDINGS.some((ending) => entry.name.endsWith(ending)) ? [relative(root, path)] : [];
      }),
  );
  return nested.flat().sort();
}

function someOf(names: readonly string[]): string {
  if (names.length === 0) return "no descriptor";
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
