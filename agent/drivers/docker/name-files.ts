/**
 * /etc/hosts, /etc/hostname and /etc/resolv.conf of a container. Docker writes them for containers that it connects itself; ours
 * it leaves as they are in the image (spec.ts).
 */
import { readFile } from "node:fs/promises";

/** Where the node's resolver is a stub on its loopback, which is not the container's, systemd-resolved says here whom it asks itself. */
export const RESOLV_CONF = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];
const HOSTS = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n";

/** The three files, as a tar archive for the container's root. `containerId`: Docker makes the host name of its beginning. */
export async function nameFiles(containerId: string): Promise<Buffer> {
  const texts = await Promise.all(RESOLV_CONF.map((path) => readFile(path, "utf8").catch(() => "")));
  return tarOf([
    ["etc/hosts", HOSTS],
    ["etc/hostname", `${containerId.slice(0, 12)}\n`],
    ["etc/resolv.conf", resolvConfOf(texts)],
  ]);
}

/** The first of these that has a name server which can be reached from elsewhere, without the others; empty if none has. */
export function resolvConfOf(texts: readonly string[]): string {
  const isServer = (line: string) => /^\s*nameserver\s/.test(line);
  const kept = texts.map((text) =>
    text.split("\n").filter((line) => line.trim() !== "" && !/^\s*nameserver\s+(127\.|::1\b)/.test(line)),
  );
  const lines = kept.find((some) => some.some(isServer)) ?? [];
  return lines.map((line) => `${line}\n`).join("");
}

const BLOCK_BYTES = 512;

/** Regular files of root's, readable by all, in the form of POSIX.1-1988 (ustar): names up to 100 bytes. */
export function tarOf(files: readonly (readonly [name: string, text: string])[]): Buffer {
  const blocks = files.flatMap(([name, text]) => {
    const content = Buffer.from(text);
    return [header(name, content.length), content, Buffer.alloc(-content.length & (BLOCK_BYTES - 1))];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK_BYTES)]);
}

function header(name: string, bytes: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const octal = (value: number, at: number, digits: number) =>
    block.write(value.toString(8).padStart(digits, "0"), at, "latin1");
  block.write(name, 0, 100, "latin1");
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(bytes, 124, 11);
  octal(0, 136, 11);
  block.write("0", 156, "latin1");
  block.write("ustar\0" + "00", 257, "latin1");
  // The sum is over the header with blanks in its place.
  block.fill(" ", 148, 156);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  block.write("\0 ", 154, "latin1");
  return block;
}
