/** A site of three agents as programs, in a network namespace of their own: the hub is killed with SIGKILL. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import t, { type Test } from "tap";
import { createAgentClient } from "../../agent/cli/client.js";
import type { SiteView } from "../../agent/hub/view.js";
import type { AgentEvent } from "../../model/messages/node.js";
import { until } from "../support/until.js";

const MAIN = join(import.meta.dirname, "../../dist/agent.mjs");
const NODES = ["n1", "n2", "n3"];
const run = promisify(execFile);
/** Three programs on a machine that may be busy. */
const PATIENCE = { deadlineMs: 60_000, everyMs: 50 };

/** A network namespace that lasts as long as a process in it; the agents see no interface of the machine's. */
async function namespace(t: Test): Promise<number> {
  const holder = spawn("unshare", ["--net", "sleep", "infinity"], { stdio: "ignore" });
  t.teardown(() => holder.kill("SIGKILL"));
  const pid = await until("the namespace is there", () => holder.pid);
  const inside = (): Promise<boolean> =>
    run("nsenter", [`--net=/proc/${pid}/ns/net`, "ip", "-o", "link"]).then(
      ({ stdout }) => !/eth\d/.test(stdout) && stdout.includes("lo:"),
    );
  await until("it is another one", inside, PATIENCE);
  await run("nsenter", [`--net=/proc/${pid}/ns/net`, "ip", "link", "set", "lo", "up"]);
  return pid;
}

async function program(t: Test, folder: string, pid: number, node: string) {
  const at = join(folder, node);
  await mkdir(at, { recursive: true });
  const candidates = NODES.map((name, index) => ({ node: name, url: `mqtt://127.0.0.1:${1901 + index}` }));
  const config = {
    site: `test-${process.pid}`,
    node,
    stateDir: join(at, "state"),
    runDir: join(at, "run"),
    ovs: { database: join(at, "none.sock"), runDir: at },
    docker: { socket: join(at, "none.sock") },
    hub: { candidates, listen: "127.0.0.1", takeOverSeconds: 2, preferSeconds: 3 },
  };
  await writeFile(join(at, "agent.yaml"), JSON.stringify(config));
  const client = createAgentClient(join(at, "run/agent.sock"));
  let child: ChildProcess | null = null;
  t.teardown(() => child?.kill("SIGKILL"));
  return {
    node,
    start(): void {
      const argv = [process.execPath, MAIN, "--config", join(at, "agent.yaml")];
      child = spawn("nsenter", [`--net=/proc/${pid}/ns/net`, ...argv], { stdio: "ignore" });
    },
    kill: (): void => void child?.kill("SIGKILL"), // nsenter has become the program: it is the same process
    view: (): Promise<SiteView | null> => client.get<SiteView>("/api/v1/site").catch(() => null),
    events: (): Promise<readonly AgentEvent[]> => client.get<AgentEvent[]>("/api/v1/events?limit=1000"),
  };
}

const skip = process.getuid?.() === 0 ? false : "needs root for a network namespace";

t.test(
  "SIGKILL of the hub: the next takes over by a higher term, and yields it when the first is back",
  { skip },
  async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "lmt-site-programs-"));
    t.teardown(() => rm(folder, { recursive: true, force: true }));
    const pid = await namespace(t);
    const programs = await Promise.all(NODES.map((node) => program(t, folder, pid, node)));
    const [first, ...others] = programs as [(typeof programs)[number], ...typeof programs];
    const hubIs = (hub: string, of: typeof programs) =>
      until(
        `${hub} is hub of ${of.map(({ node }) => node)}`,
        async () => {
          const views = await Promise.all(of.map(({ view }) => view()));
          return views.every((view) => view?.hub === hub) ? views : null;
        },
        PATIENCE,
      );
    for (const one of programs) one.start();
    const before = await hubIs("n1", programs);
    first.kill();
    const without = await hubIs("n2", others);
    t.ok((without[0]?.term?.number ?? 0) > (before[0]?.term?.number ?? 0), "a higher term");
    first.start();
    const after = await hubIs("n1", programs);
    t.ok((after[0]?.term?.number ?? 0) > (without[0]?.term?.number ?? 0), "a higher one again");
    const reigns = (await (others[1] ?? first).events()).filter(({ type }) => type === "site.hub");
    t.ok(reigns.length >= 3, `n3 tells of each: ${reigns.map(({ detail }) => detail).join("; ")}`);
  },
);
