import { readFile } from "node:fs/promises";

/** One request that reached an origin, as the origin server logs it. */
export interface OriginRequest {
  readonly at: string;
  readonly origin: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  /** Who asked: a UE's address, or a cache's. */
  readonly client: string;
  /** The Via field: a cache names itself there. */
  readonly via: string;
  readonly status: number;
}

export async function readOriginRequests(path: string): Promise<readonly OriginRequest[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as OriginRequest);
}
