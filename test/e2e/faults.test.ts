/** Bad input and faults on a real node: real Open vSwitch, dockerd and lclick, agent and controller as processes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { createSite } from "../../lab/site.js";
import { waitUntil } from "../../lab/wait.js";
import type { Problem } from "../../model/errors.js";
import type { AgentEvent, FunctionStatus, ServiceStatus } from "../../model/messages/node.js";
import { labTest, root, startLab } from "../support/lab.js";
import { exampleCopy, lvnfOnWan, replaceIn, squidOnWan } from "../support/packages.js";

interface Status {
  readonly link: { readonly connected: boolean; readonly pendingReports: number };
  readonly drivers: readonly {
    readonly name: string;
    readonly state: string;
    readonly reason: string | null;
  }[];
}

t.test(
  "faults",
  labTest(110_000, "dist/agent.mjs", "dist/cli.mjs", "dist/controller.mjs", "build/click/lclick"),
  async (t) => {
    const lab = await startLab(t, "lmx1-");
    const site = await createSite({ lab, projectRoot: root });

    const command = async (...argv: readonly string[]) => {
      const words = [join(root, "bin", "lightmano"), "--json", "--socket", site.socket, ...argv];
      const { code, stdout, stderr } = await lab.exec("edge", words);
      return {
        code,
        stdout,
        error: () => JSON.parse(stderr) as { code: string; detail: string; problems: Problem[] },
      };
    };
    const show = (id: string) => site.lightmano<ServiceStatus>("service", "show", id);
    const eventually = <T>(what: string, probe: () => Promise<T | undefined | false>, timeoutMs = 15_000) =>
      waitUntil(what, probe, { timeoutMs });
    const comesTo = (id: string, state: string) =>
      eventually(`${id} is ${state}`, async () => {
        const service = await show(id);
        return service.state === state && service;
      });
    const gone = (id: string) =>
      eventually(`${id} is gone`, async () => (await command("service", "show", id)).code === 3);
    const functionOf = async (id: string): Promise<FunctionStatus> => {
      const found = (await show(id)).functions[0];
      if (!found) throw new Error(`${id} has no function`);
      return found;
    };
    const driver = async (name: string) =>
      (await site.lightmano<Status>("status")).drivers.find((one) => one.name === name);
    const atController = async (id: string) =>
      (await site.rest<ServiceStatus[]>("GET", "/api/v1/services")).body.find((service) => service.id === id);
    /** Through the forwarder, from the eNodeB's side to the core's. */
    const passes = async (): Promise<boolean> =>
      (await lab.exec("enb", ["ping", "-c", "1", "-W", "1", lab.addresses.epc])).code === 0;
    const why = async (id: string) =>
      JSON.stringify(await site.lightmano<{ now: string; events: AgentEvent[] }>("why", id));

    await t.test("the controller is away when the agent starts: it works, and reports later", async (t) => {
      await site.agent.start();
      t.notOk((await site.lightmano<Status>("status")).link.connected);
      await site.lightmano("apply", join(root, "examples/forwarder"), "--name", "fw");
      await comesTo("fw", "active");
      t.ok(await passes(), "traffic passes");
      t.ok((await site.lightmano<Status>("status")).link.pendingReports > 0);
      await site.controller.start();
      await eventually(
        "it is connected",
        async () => (await site.lightmano<Status>("status")).link.connected,
      );
      await eventually(
        "its reports have arrived",
        async () => (await atController("fw"))?.state === "active",
      );
      await eventually(
        "all of them",
        async () => (await site.lightmano<Status>("status")).link.pendingReports === 0,
      );
    });

    await t.test("descriptors with errors are refused: file, line and column, all at once", async (t) => {
      const folder = await exampleCopy(t, "forwarder");
      await replaceIn(join(folder, "nsd.yaml"), "type: lightmano.nodes.Nfp", "type: lightmano.nodes.Path");
      await replaceIn(
        join(folder, "forwarder.yaml"),
        "type: lightmano.nodes.Lvnf",
        "type: lightmano.nodes.Lvnff",
      );
      const refused = await command("apply", folder, "--name", "bad");
      t.equal(refused.code, 1);
      const { code, problems } = refused.error();
      t.equal(code, "descriptor.invalid");
      for (const [file, word] of [
        ["nsd.yaml", "lightmano.nodes.Path"],
        ["forwarder.yaml", "lightmano.nodes.Lvnff"],
      ] as const) {
        const found = problems.find(({ detail }) => detail.includes(word));
        t.match(found, { place: { file, line: Number, column: Number } }, word);
        t.ok((found?.place?.line ?? 0) > 1);
      }
      t.equal((await command("service", "show", "bad")).code, 3);
    });

    await t.test(
      "two services that want the same traffic, and a path that this node cannot make",
      async (t) => {
        const clash = await command("apply", join(root, "examples/forwarder"), "--name", "fw2");
        t.not(clash.code, 0);
        t.match(JSON.stringify(clash.error()), /object\.conflict.*service fw already has/);
        const folder = await exampleCopy(t, "forwarder");
        await replaceIn(join(folder, "nsd.yaml"), "    core: {", "    moon: {");
        await replaceIn(join(folder, "nsd.yaml"), "forwarder.b, core]", "forwarder.b, moon]");
        const impossible = await command("apply", folder, "--name", "moon");
        t.not(impossible.code, 0);
        t.match(JSON.stringify(impossible.error()), /sap\.unknown.*SAP \\"moon\\".*it has ran, core, wan/);
        t.equal((await show("fw")).state, "active", "the first goes on");
      },
    );

    await t.test("a script that does not parse: its line reaches `why` and the controller", async (t) => {
      for (const [name, script, words] of [
        ["nosuch", "// one\n// two\nin0 -> Nonsense -> Discard;\n", /nosuch\.forwarder:3: .*Nonsense/],
        ["queue", "// one\nin0 -> Queue(many) -> Discard;\n", /queue\.forwarder:2: .*Queue/],
      ] as const) {
        await site.lightmano("apply", await lvnfOnWan(t, script), "--name", name);
        const service = await comesTo(name, "failed");
        t.match(service, { code: "click.script-invalid", reason: words });
        t.match(await why(name), words);
        const report = await eventually("the controller has it", async () => {
          const found = await atController(name);
          return found?.state === "failed" && found;
        });
        t.match(report, { code: "click.script-invalid", reason: words });
        await site.lightmano("service", "terminate", name);
        await gone(name);
      }
    });

    await t.test("an interface that somebody deletes is made again, and traffic passes again", async (t) => {
      const before = await functionOf("fw");
      const ports = await site.lightmano<{ name: string; use: string | null }[]>("port", "list");
      const device = ports.find(({ use }) => use?.startsWith("fw."))?.name ?? "";
      await lab.exec("edge", ["ip", "link", "del", device]);
      await eventually("traffic passes again", passes);
      await comesTo("fw", "active");
      t.not((await functionOf("fw")).pid, before.pid, "the process has the new interface open");
    });

    await t.test("ovs-vswitchd dies: flows come back, functions go on", async (t) => {
      const before = await functionOf("fw");
      t.ok(await lab.ovs.kill());
      await eventually("it is told", async () => (await driver("ovs"))?.state === "degraded");
      t.match(await driver("ovs"), { reason: /vswitchd|OpenFlow|OVSDB|Open vSwitch/i });
      await lab.ovs.start();
      await eventually("traffic passes again", passes);
      await eventually("it is ready", async () => (await driver("ovs"))?.state === "ready");
      t.equal((await comesTo("fw", "active")).chains[0]?.state, "active");
      t.equal((await functionOf("fw")).pid, before.pid);
    });

    await t.test("kill -9 of the agent, and SIGTERM: the functions go on and are adopted", async (t) => {
      const before = await functionOf("fw");
      await site.agent.kill();
      t.ok(await passes(), "without an agent");
      await site.agent.start();
      await comesTo("fw", "active");
      t.match(await functionOf("fw"), { pid: before.pid, restarts: 0 });

      await lab.cutUplink("kept"); // nobody answers its goodbye
      const agent = site.agent.process();
      agent?.signal("SIGTERM");
      await agent?.waitExit(10_000);
      t.ok(existsSync(`/proc/${before.pid}`));
      t.ok(await passes(), "without an agent");
      await lab.restoreUplink();
      await site.agent.start();
      await comesTo("fw", "active");
      const events = await site.lightmano<AgentEvent[]>("events", "-n", "40");
      t.equal((await functionOf("fw")).pid, before.pid, { events: events.map(({ detail }) => detail) });
    });

    await t.test("an image that cannot be had, and dockerd away: the reason, and recovery", async (t) => {
      const folder = await squidOnWan(t);
      await site.lightmano("apply", folder, "--name", "squid", "--input", "image=127.0.0.1:1/none:1");
      t.match(await comesTo("squid", "failed"), {
        code: "docker.image-missing",
        reason: /127\.0\.0\.1:1\/none:1/,
      });
      t.match(await why("squid"), /docker\.image-missing/);
      await site.lightmano("apply", folder, "--name", "squid");
      await comesTo("squid", "active");

      await lab.docker.stop();
      await eventually("it is told", async () => (await driver("docker"))?.state === "degraded");
      t.match(await driver("docker"), { reason: /docker/i });
      const down = await comesTo("squid", "degraded");
      t.match(down, { code: "driver.unavailable", reason: /docker/ });
      t.equal((await show("fw")).state, "active", "nobody else is touched");
      t.equal((await command("doctor")).code, 1);
      await lab.docker.start();
      await comesTo("squid", "active");
      t.equal((await command("doctor")).code, 0);

      await lab.docker.kill(); // containers go on without it
      await eventually("it is told", async () => (await driver("docker"))?.state === "degraded");
      const { pid } = await functionOf("squid");
      t.equal((await show("squid")).state, "active", "it still serves");
      process.kill(pid ?? 0, "SIGKILL");
      t.match(
        await comesTo("squid", "degraded"),
        { code: "driver.unavailable" },
        "its end is seen all the same",
      );
      await lab.docker.start();
      await comesTo("squid", "active");
    });
  },
);
