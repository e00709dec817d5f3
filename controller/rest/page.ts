/** The dashboard: the files of one folder, read when asked for, and nothing outside of it. */
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { FastifyInstance } from "fastify";
import { LightmanoError } from "../../model/errors.js";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The page needs nothing from elsewhere, and no other site may frame it. */
const HEADERS = {
  "content-security-policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
} as const;

export function pageRoutes(server: FastifyInstance, dashboardDir: string): void {
  server.get("/", async (_request, reply) =>
    reply
      .headers(HEADERS)
      .type(typeOf("index.html"))
      .send(await page("index.html")),
  );
  server.get<{ Params: { file: string } }>("/:file", async ({ params: { file } }, reply) =>
    reply
      .headers(HEADERS)
      .type(typeOf(file))
      .send(await page(file)),
  );

  async function page(file: string): Promise<Buffer> {
    if (!/^[a-z][a-z0-9-]*\.[a-z]+$/.test(file) || !(extname(file) in TYPES)) throw missing(file);
    return readFile(join(dashboardDir, file)).catch((cause: unknown) => {
      throw missing(file, cause);
    });
  }
}

const typeOf = (file: string): string => TYPES[extname(file)] ?? "application/octet-stream";

const missing = (file: string, cause?: unknown): LightmanoError =>
  new LightmanoError("object.not-found", `no such page: /${file}`, { cause });
