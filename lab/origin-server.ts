/**
 * The origin web sites: one process on all five addresses. Runs inside namespace `inet` as a program
 * of its own (bundled by artifacts.ts). Every request is one JSON line in the file named by the first
 * argument, written before the answer goes out, so that a test can prove an origin was not asked.
 */
import { createHash } from "node:crypto";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import type { OriginRequest } from "./origin-requests.js";
import { HTTP_PORT, LAST_MODIFIED, ORIGINS, pageBody, UNCACHED_PORT } from "./origins.js";

const requestLog = process.argv[2];
if (requestLog === undefined) {
  console.error("usage: origin-server REQUEST-LOG");
  process.exit(2);
}

const listening = ORIGINS.flatMap((origin) => {
  const body = pageBody(origin.name, origin.bytes);
  const etag = `"${createHash("sha256").update(body).digest("hex").slice(0, 16)}"`;
  return [HTTP_PORT, UNCACHED_PORT].map((port) => {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? "/", "http://origin/").pathname;
      const found = path === "/";
      const unchanged = request.headers["if-none-match"] === etag;
      const status = found ? (unchanged ? 304 : 200) : 404;
      const seen: OriginRequest = {
        at: new Date().toISOString(),
        origin: origin.name,
        port,
        method: request.method ?? "",
        path: request.url ?? "",
        client: request.socket.remoteAddress ?? "",
        via: request.headers.via ?? "",
        status,
      };
      appendFileSync(requestLog, `${JSON.stringify(seen)}\n`);
      response.writeHead(status, {
        "content-type": found ? "text/html; charset=utf-8" : "text/plain",
        "cache-control": "public, max-age=86400",
        "last-modified": LAST_MODIFIED,
        etag,
        ...(status === 200 ? { "content-length": body.length } : {}),
      });
      if (request.method === "HEAD" || status === 304) response.end();
      else response.end(found ? body : "no such page\n");
    });
    return new Promise<void>((resolve, reject) => {
      server.on("error", reject);
      server.listen(port, origin.address, resolve);
    });
  });
});

await Promise.all(listening);
console.log("ready");
