/** The file of saved state: small ones as JSON, large ones as bytes that never lie in V8's heap. */

import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import t from "tap";
import { openControlSocket } from "../../../agent/drivers/click/control-socket.js";
import { createInbox } from "../../../agent/drivers/click/inbox.js";
import {
  digestOf,
  encodeSaved,
  JSON_LIMIT_BYTES,
  readSaved,
  writeSaved,
} from "../../../agent/drivers/click/state-file.js";

const LARGE = Buffer.alloc(24 * JSON_LIMIT_BYTES, 'session 172.16.0.1 "x" {}\n');

t.test("a small state is a JSON object, as it always was", async (t) => {
  const path = join(t.testdir(), "svc.f.state");
  await writeSaved(path, encodeSaved({ "t.state": Buffer.from('a "b"\n'), "u.state": Buffer.alloc(0) }));
  t.same(JSON.parse(await readFile(path, "utf8")), { "t.state": 'a "b"\n', "u.state": "" });
  t.same(await readSaved(path), { "t.state": Buffer.from('a "b"\n'), "u.state": Buffer.alloc(0) });
});

t.test("a large one comes back as it was, what is cut off or not ours is damaged", async (t) => {
  const path = join(t.testdir(), "svc.f.state");
  const saved = { "t.state": LARGE, "u.state": Buffer.from("u0") };
  await writeSaved(path, encodeSaved(saved));
  const back = await readSaved(path);
  t.ok(back !== null && back !== "damaged" && back["t.state"]?.equals(LARGE));
  t.match(back, { "u.state": Buffer.from("u0") });
  await truncate(path, LARGE.length);
  t.equal(await readSaved(path), "damaged");
  for (const text of [
    "[]",
    '{"a":1}',
    "lightmano-state\nx\n",
    'lightmano-state\n{"handler":"a","bytes":-1}\n',
    "lightmano-state\nnull\n",
  ]) {
    await writeFile(path, text);
    t.equal(await readSaved(path), "damaged", JSON.stringify(text));
  }
  t.equal(await readSaved(`${path}.none`), null);
});

t.test("a state's digest is of what the file has, however large", async (t) => {
  const digest = await digestOf(encodeSaved({ "t.state": LARGE }));
  t.equal(await digestOf([Buffer.concat(encodeSaved({ "t.state": LARGE }))]), digest);
  t.not(await digestOf(encodeSaved({ "t.state": LARGE.subarray(1) })), digest);
});

t.test("from the connection to the file a large state takes no room in V8's heap", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "lmt-state-file-"));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const [socket, path] = [join(dir, "sock"), join(dir, "svc.f.state")];
  const server = createServer((peer) => {
    peer.write("Click::ControlSocket/1.3\r\n");
    peer.once("data", () => {
      peer.write(`200 Read handler OK\r\nDATA ${LARGE.length}\r\n`);
      peer.write(LARGE);
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  t.teardown(() => server.close());
  const control = await openControlSocket(socket, AbortSignal.timeout(20_000));
  const before = getHeapStatistics().used_heap_size;
  const saved = { "t.state": await control.readBytes("t.state", AbortSignal.timeout(20_000)) };
  const pieces = encodeSaved(saved);
  await digestOf(pieces);
  await writeSaved(path, pieces);
  const grown = getHeapStatistics().used_heap_size - before;
  t.ok(grown < LARGE.length / 2, `${grown} bytes of heap for ${LARGE.length} of state`);
  t.ok(saved["t.state"].equals(LARGE));
  control.close();
});

t.test("what comes behind a large answer, in the same piece, is not lost", async (t) => {
  const inbox = createInbox();
  t.same(inbox.add(Buffer.from("ab")), Buffer.from("ab"));
  inbox.keep(Buffer.from("ab"), 6);
  t.equal(inbox.next(), null);
  t.equal(inbox.add(Buffer.from("c")), null);
  t.same(inbox.add(Buffer.from("defgh")), Buffer.from("abcdef"));
  inbox.keep(Buffer.alloc(0), 0);
  t.same(inbox.next(), Buffer.from("gh"));
  inbox.keep(Buffer.from("gh"), 0);
  t.equal(inbox.next(), null);
  t.same(inbox.add(Buffer.from("i")), Buffer.from("ghi"));
});
