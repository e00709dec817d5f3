/**
 * One end of a TCP transfer of pseudo-random bytes whose SHA-256 both ends tell each other.
 *
 *   node transfer-peer.mjs serve NAME PORT...                  prints "ready" and serves until it is ended
 *   node transfer-peer.mjs up|down ADDRESS PORT BYTES SEED STALL_MS     prints one line of JSON and ends
 *
 * The client says "DIRECTION BYTES SEED\n", the server answers "NAME\n". One of them then sends BYTES, and the server the
 * 32 bytes of the digest of what it sent or received.
 */
import { createCipheriv, createHash } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";

const CHUNK_BYTES = 65_536;
const DIGEST_BYTES = 32;

/** When there is room again; it may also be that there is nobody any more. */
function drained(socket) {
  return new Promise((resolve, reject) => {
    const closed = () => reject(socket.errored ?? new Error("the connection ended early"));
    socket.once("close", closed);
    socket.once("drain", () => {
      socket.off("close", closed);
      resolve();
    });
  });
}

/** The same bytes for the same seed: a key stream. */
async function sendRandom(socket, bytes, seed, progress) {
  const key = createHash("sha256").update(seed).digest();
  const stream = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  const hash = createHash("sha256");
  for (let left = bytes; left > 0; ) {
    const chunk = stream.update(Buffer.alloc(Math.min(left, CHUNK_BYTES)));
    hash.update(chunk);
    left -= chunk.length;
    if (!socket.write(chunk)) await drained(socket);
    progress(chunk.length);
  }
  return hash.digest();
}

/** Reads a socket line by line, or counted bytes at a time. */
async function* chunksOf(socket) {
  for await (const chunk of socket) yield chunk;
}

function reader(socket) {
  const chunks = chunksOf(socket);
  let rest = Buffer.alloc(0);
  const more = async () => {
    const { value, done } = await chunks.next();
    if (done) throw new Error("the connection ended early");
    return value;
  };
  return {
    async line() {
      for (;;) {
        const end = rest.indexOf(10);
        if (end >= 0) {
          const line = rest.toString("latin1", 0, end);
          rest = rest.subarray(end + 1);
          return line;
        }
        rest = Buffer.concat([rest, await more()]);
      }
    },
    async take(bytes, each) {
      for (let left = bytes; left > 0; ) {
        const chunk = rest.length > 0 ? rest : await more();
        each(chunk.subarray(0, left));
        rest = chunk.subarray(left);
        left -= Math.min(left, chunk.length);
      }
    },
  };
}

async function digestOf(from, bytes, progress) {
  const hash = createHash("sha256");
  await from.take(bytes, (chunk) => {
    hash.update(chunk);
    progress(chunk.length);
  });
  return hash.digest();
}

async function serve(name, socket) {
  const from = reader(socket);
  const [direction, bytes, seed] = (await from.line()).split(" ");
  socket.write(`${name}\n`);
  const quiet = () => undefined;
  const digest =
    direction === "up"
      ? await digestOf(from, Number(bytes), quiet)
      : await sendRandom(socket, Number(bytes), seed, quiet);
  socket.end(digest);
}

/** One of which nothing moved for stallMs is stuck. */
async function transfer(direction, address, port, bytes, seed, stallMs) {
  const begunAt = performance.now();
  let [moved, movedAt] = [0, begunAt];
  const socket = connect(port, address);
  socket.on("error", () => undefined); // whoever waits for the socket is told as well
  const progress = (count) => {
    moved += count;
    movedAt = performance.now();
  };
  const watch = setInterval(() => {
    if (performance.now() - movedAt > stallMs) socket.destroy(new Error(`no progress for ${stallMs} ms`));
  }, 250);
  const report = { server: "", moved: 0, ms: 0, here: "", there: "" };
  try {
    await once(socket, "connect");
    const from = reader(socket);
    socket.write(`${direction} ${bytes} ${seed}\n`);
    report.server = await from.line();
    const here =
      direction === "up"
        ? await sendRandom(socket, bytes, seed, progress)
        : await digestOf(from, bytes, progress);
    const there = [];
    await from.take(DIGEST_BYTES, (chunk) => there.push(Buffer.from(chunk)));
    report.here = here.toString("hex");
    report.there = Buffer.concat(there).toString("hex");
  } catch (error) {
    report.error = error.message;
  } finally {
    clearInterval(watch);
    socket.destroy();
  }
  return { ...report, moved, ms: performance.now() - begunAt };
}

const [command, ...args] = process.argv.slice(2);
if (command === "serve") {
  const [name, ...ports] = args;
  const servers = ports.map((port) =>
    createServer((socket) => {
      socket.on("error", () => socket.destroy());
      serve(name, socket).catch(() => socket.destroy());
    }).listen(Number(port), "0.0.0.0"),
  );
  await Promise.all(servers.map((server) => once(server, "listening")));
  console.log("ready");
} else {
  const [address, port, bytes, seed, stallMs] = args;
  const report = await transfer(command, address, Number(port), Number(bytes), seed, Number(stallMs));
  console.log(JSON.stringify(report));
}
