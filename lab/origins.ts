/** The five web sites behind the WAN. Pure: both the server and whoever checks its pages use this. */
import { createHash } from "node:crypto";

export interface Origin {
  readonly name: string;
  readonly address: string;
  /** By address, since nothing here resolves names and an intercepting Squid checks the Host field. */
  readonly url: string;
  /** The same page on port 8080, which no cache takes: for traffic that has to pass untouched. */
  readonly uncachedUrl: string;
  /** Delay that the WAN adds to a round trip. */
  readonly rttMs: number;
  readonly bytes: number;
  readonly sha256: string;
}

const SITES: readonly { name: string; address: string; rttMs: number; bytes: number }[] = [
  { name: "news.example", address: "10.20.0.11", rttMs: 20, bytes: 40_000 },
  { name: "maps.example", address: "10.20.0.12", rttMs: 40, bytes: 120_000 },
  { name: "shop.example", address: "10.20.0.13", rttMs: 60, bytes: 2_000 },
  { name: "photos.example", address: "10.20.0.14", rttMs: 90, bytes: 250_000 },
  { name: "video.example", address: "10.20.0.15", rttMs: 140, bytes: 500_000 },
];

export const HTTP_PORT = 80;
export const UNCACHED_PORT = 8080;

/** Long ago, so that a cache which goes by age (RFC 9111 §4.2.2) finds the page fresh too. */
export const LAST_MODIFIED = "Wed, 01 Jan 2020 00:00:00 GMT";

export const ORIGINS: readonly Origin[] = SITES.map((site) => ({
  ...site,
  url: `http://${site.address}/`,
  uncachedUrl: `http://${site.address}:${UNCACHED_PORT}/`,
  sha256: createHash("sha256").update(pageBody(site.name, site.bytes)).digest("hex"),
}));

/** A page of exactly `bytes` bytes, the same in every run; bytes of no pattern, so that no link compresses them. */
export function pageBody(name: string, bytes: number): Buffer {
  const head = `<!doctype html><title>${name}</title><pre>\n`;
  const tail = "\n</pre>\n";
  const chunks: string[] = [head];
  let length = head.length + tail.length;
  for (let block = 0; length < bytes; block++) {
    const line = `${createHash("sha256").update(`${name}/${block}`).digest("hex")}\n`;
    const part = line.slice(0, bytes - length);
    chunks.push(part);
    length += part.length;
  }
  return Buffer.from(chunks.join("") + tail);
}
