/** What recorder.c noted, as values. Paths are as the program gave them. */
import { dirname } from "node:path";

export type Operation =
  | { readonly do: "open"; readonly inode: bigint; readonly path: string; readonly isNew: boolean }
  | { readonly do: "write"; readonly inode: bigint; readonly offset: number; readonly bytes: Buffer }
  | { readonly do: "resize"; readonly inode: bigint; readonly size: number }
  | { readonly do: "sync"; readonly inode: bigint }
  | { readonly do: "sync-folder"; readonly folder: string }
  | { readonly do: "make-folder"; readonly path: string }
  | { readonly do: "remove"; readonly path: string }
  | { readonly do: "rename"; readonly from: string; readonly to: string };

const HEADER_BYTES = 24;

/** A record that the program's end cut off is left out: what it says had not happened for anybody. */
export function operationsOf(recording: Buffer): readonly Operation[] {
  const operations: Operation[] = [];
  const folders = new Map<bigint, string>();
  for (let at = 0; at + HEADER_BYTES <= recording.length; ) {
    const textAt = at + HEADER_BYTES;
    const end = textAt + recording.readUInt32LE(at + 4);
    if (end > recording.length) break;
    const kind = String.fromCharCode(recording.readUInt8(at));
    const inode = recording.readBigUInt64LE(at + 8);
    const number = Number(recording.readBigUInt64LE(at + 16));
    const bytes = recording.subarray(textAt, end);
    const text = (): string => bytes.toString("utf8");
    if (kind === "d") folders.set(inode, text());
    else operations.push(operationOf(kind, inode, number, bytes, folders));
    if (kind === "o" || kind === "c") folders.delete(inode); // the number of a folder that is gone
    at = end;
  }
  return operations;
}

function operationOf(
  kind: string,
  inode: bigint,
  number: number,
  bytes: Buffer,
  folders: ReadonlyMap<bigint, string>,
): Operation {
  const text = bytes.toString("utf8");
  const folder = folders.get(inode);
  switch (kind) {
    case "o":
    case "c":
      return { do: "open", inode, path: text, isNew: kind === "c" };
    case "w":
      return { do: "write", inode, offset: number, bytes };
    case "t":
      return { do: "resize", inode, size: number };
    case "s":
      return folder === undefined ? { do: "sync", inode } : { do: "sync-folder", folder };
    case "m":
      return { do: "make-folder", path: text };
    case "u":
      return { do: "remove", path: text };
    case "r": {
      const [from = "", to = ""] = text.split("\0");
      return { do: "rename", from, to };
    }
    default:
      throw new Error(`a record of kind "${kind}" is not known`);
  }
}

export const folderOf = (path: string): string => dirname(path);
