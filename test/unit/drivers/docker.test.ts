import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { createEngine, demultiplex, jsonLines } from "../../../agent/drivers/docker/engine.js";
import { resolvConfOf, tarOf } from "../../../agent/drivers/docker/name-files.js";
import { parseListening } from "../../../agent/drivers/docker/readiness.js";
import { pullQuery, readInspect } from "../../../agent/drivers/docker/spec.js";
import { cgroupStats, readStatsAnswer, unifiedPath } from "../../../agent/drivers/docker/stats.js";

t.test("log frames of both streams are put together, a torn one is left out", async (t) => {
  const frame = (stream: number, text: string) => {
    const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  t.equal(
    demultiplex(Buffer.concat([frame(1, "öne\n"), frame(2, "two\n"), Buffer.from([1, 0, 0])])),
    "öne\ntwo\n",
  );
});

t.test("JSON lines come out whole, wherever the stream is split", async (t) => {
  const bytes = Buffer.from('{"a":"ü"}\r\n\n{"b":2}');
  for (let size = 1; size <= bytes.length; size++) {
    const chunks = async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    };
    const seen: unknown[] = [];
    for await (const line of jsonLines(chunks())) seen.push(line);
    t.strictSame(seen, [{ a: "ü" }, { b: 2 }]);
  }
});

t.test("what is pulled is one tag, never all", async (t) => {
  t.strictSame(pullQuery("squid"), { fromImage: "squid", tag: "latest" });
  t.strictSame(pullQuery("host:5000/a/squid"), { fromImage: "host:5000/a/squid", tag: "latest" });
  t.strictSame(pullQuery("host:5000/squid:6"), { fromImage: "host:5000/squid", tag: "6" });
  t.strictSame(pullQuery("squid@sha256:00"), { fromImage: "squid", tag: "sha256:00" });
});

t.test("ports that listen are read from /proc/net/tcp and tcp6", async (t) => {
  const heading = "  sl  local_address rem_address   st tx_queue\n";
  const listening = "   0: 00000000:0C38 00000000:0000 0A 00000000:00000000\n";
  const connected = "   1: 0100007F:1F90 0100007F:9C40 01 00000000:00000000\n";
  const six = "   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0\n";
  t.strictSame(parseListening(heading + listening + connected), [3128]);
  t.strictSame(parseListening(heading + six), [80]);
  t.strictSame(parseListening(""), []);
});

t.test("an inspected container: what ended it, and not ours", async (t) => {
  const state = {
    Status: "exited",
    Pid: 0,
    ExitCode: 137,
    Error: "",
    OOMKilled: true,
    StartedAt: "2026-11-23T00:00:00Z",
  };
  const answer = {
    Id: "abc",
    Created: "x",
    State: state,
    Config: { Labels: { "lightmano.function": "f", "lightmano.ready-ports": "80,443" } },
  };
  t.match(readInspect(answer), {
    readyPorts: [80, 443],
    container: { state: "exited", exitCode: 137, error: /OOM/, pid: null },
  });
  t.equal(readInspect({ ...answer, Config: { Labels: null } }), null);
  t.equal(readInspect({ ...answer, State: { ...state, Status: "removing" } })?.container.state, "dead");
});

t.test("statistics from the cgroup: memory less what can be dropped, CPU", async (t) => {
  const root = await mkdtemp(join(tmpdir(), "lmt-cgroup-"));
  t.teardown(() => rm(root, { recursive: true }));
  await mkdir(join(root, "7"));
  await mkdir(join(root, "docker/abc"), { recursive: true });
  await writeFile(join(root, "7/cgroup"), "0::/docker/abc\n");
  t.equal(await cgroupStats(root, root, 7), null, "no memory controller");
  await writeFile(join(root, "docker/abc/memory.current"), "5000\n");
  await writeFile(join(root, "docker/abc/memory.stat"), "anon 1\ninactive_file 1000\n");
  await writeFile(join(root, "docker/abc/cpu.stat"), "usage_usec 2500000\nuser_usec 1\n");
  t.strictSame(await cgroupStats(root, root, 7), { memoryBytes: 4000, cpuSeconds: 2.5 });
  t.equal(unifiedPath("9:cpu:/docker/abc\n0::/\n"), null);
});

t.test("statistics from Docker, with cgroup v1's names too", async (t) => {
  const cpu_stats = { cpu_usage: { total_usage: 1.5e9 } };
  t.strictSame(
    readStatsAnswer({ memory_stats: { usage: 10, stats: { total_inactive_file: 4 } }, cpu_stats }),
    { memoryBytes: 6, cpuSeconds: 1.5 },
  );
  t.equal(readStatsAnswer({ memory_stats: {}, cpu_stats }), null);
});

t.test(
  "a daemon that takes the connection and says nothing is unavailable after the time, and reported",
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "lmt-engine-"));
    const silent = createServer((socket) => void t.teardown(() => socket.destroy()));
    t.teardown(async () => {
      silent.close();
      await rm(folder, { recursive: true });
    });
    await new Promise<void>((resolve) => silent.listen(join(folder, "s"), resolve));
    const hung: string[] = [];
    const engine = createEngine(join(folder, "s"), (reason) => void hung.push(reason));
    const request = {
      method: "GET",
      path: "/x",
      signal: new AbortController().signal,
      timeoutMs: 30,
    } as const;
    await t.rejects(engine.request(request), {
      code: "driver.unavailable",
      detail: /did not answer GET \/x in 30 ms/,
    });
    t.equal(hung.length, 1);
    const given = new AbortController();
    const call = engine
      .request({ ...request, timeoutMs: null, signal: given.signal })
      .catch((thrown: unknown) => thrown);
    given.abort(new Error("enough"));
    t.match(await call, { code: "operation.timeout", detail: /enough/ });
  },
);

t.test(
  "of name servers those are told that can be reached from elsewhere, or those behind the stub",
  async (t) => {
    const stub = "# comment\nnameserver 127.0.0.53\noptions edns0\n";
    t.equal(
      resolvConfOf([
        "nameserver 127.0.0.1\nsearch site.example\nnameserver 192.0.2.1\n",
        "nameserver 192.0.2.9\n",
      ]),
      "search site.example\nnameserver 192.0.2.1\n",
    );
    t.equal(resolvConfOf([stub, "nameserver 2001:db8::53\n"]), "nameserver 2001:db8::53\n");
    t.equal(resolvConfOf([stub, ""]), "");
    t.equal(resolvConfOf(["nameserver ::1\n", "nameserver ::1f\n"]), "nameserver ::1f\n");
  },
);

t.test("an archive is one that tar reads: names, content of any length, modes", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "lmt-tar-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const file = join(folder, "a.tar");
  const block = "x".repeat(512);
  await writeFile(
    file,
    tarOf([
      ["etc/empty", ""],
      ["etc/block", block],
      ["etc/text", "ü\n"],
    ]),
  );
  const tar = (...words: readonly string[]) =>
    execFileSync("tar", ["-f", file, ...words], { encoding: "utf8" });
  t.match(tar("-tv", "--numeric-owner", "--utc").split("\n"), [
    /^-rw-r--r-- 0\/0 +0 1970-01-01 00:00 etc\/empty$/,
    /^-rw-r--r-- 0\/0 +512 1970-01-01 00:00 etc\/block$/,
    /^-rw-r--r-- 0\/0 +3 1970-01-01 00:00 etc\/text$/,
    "",
  ]);
  t.equal(tar("-xO", "etc/text"), "ü\n");
  t.equal(tar("-xO", "etc/block"), block);
});
