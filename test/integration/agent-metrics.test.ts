/** The agent as a program, on a node with nothing else: its metrics over TCP, and what does not come with them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { createAgentClient } from "../../agent/cli/client.js";
import { type Family, parseExposition } from "../../agent/metrics/exposition.js";
import { type Address, ownAddress } from "../support/own-address.js";
import { until } from "../support/until.js";

const AGENT = fileURLToPath(new URL("../../agent/agent-main.ts", import.meta.url));

function get(
  { host, port }: Address,
  path: string,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    request({ port, path, host, agent: false }, async (response) => {
      let text = "";
      for await (const chunk of response.setEncoding("utf8")) text += chunk;
      resolve({ status: response.statusCode ?? 0, text });
    })
      .once("error", reject)
      .end();
  });
}

t.test("a port in agent.yaml serves the metrics that the socket does, and nothing else", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "lmt-agent-"));
  const address = ownAddress();
  const nothing = join(folder, "nothing");
  const config = {
    site: "s1",
    node: "n1",
    stateDir: join(folder, "state"),
    runDir: join(folder, "run"),
    ovs: { database: nothing, runDir: nothing },
    docker: { socket: nothing },
    click: { program: nothing },
    metrics: address,
    watchdog: { memoryMiB: 4096 }, // from its sources, with what compiles them, it has more than an agent has
  };
  await writeFile(join(folder, "agent.yaml"), JSON.stringify(config));
  const child = spawn(
    process.execPath,
    [...process.execArgv, AGENT, "--config", join(folder, "agent.yaml")],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "exit");
  let log = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    log += text;
  });
  t.teardown(async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  await until("it says where", () => log.includes(`http://${address.host}:${address.port}/metrics`), {
    deadlineMs: 120_000,
  });
  const { status, text } = await get(address, "/metrics");
  t.equal(status, 200);
  t.ok(parseExposition(text).ok);
  t.match(text, /^lightmano_agent_resident_memory_bytes\{site="s1",node="n1"\} \d{7,}$/m);
  t.match(text, /^lightmano_driver_ready\{site="s1",node="n1",driver="docker"\} 0$/m);
  t.match(text, /^lightmano_agent_journal_works\{.*\} 1$/m);
  t.match(await get(address, "/api/v1/status"), { status: 404 });
  const client = createAgentClient(join(folder, "run", "agent.sock"));
  const families = await client.get<readonly Family[]>("/api/v1/metrics");
  t.ok(families.some(({ name }) => name === "lightmano_agent_cpu_seconds_total"));
  child.kill("SIGTERM");
  t.same(await ended, [0, null]);
});
