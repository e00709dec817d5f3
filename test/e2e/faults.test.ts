/** Faults of a real node: real Open vSwitch, dockerd and lclick, agent and controller as processes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { AgentEvent } from "../../model/messages/node.js";
import { createEdge } from "../support/edge.js";
import { labTest, root } from "../support/lab.js";
import { squidOnWan } from "../support/packages.js";

t.test(
  "faults",
  labTest(110_000, "dist/agent.mjs", "dist/cli.mjs", "dist/controller.mjs", "build/click/lclick"),
  async (t) => {
    const edge = await createEdge(t, "lmx3-");
    const { lab, site, command, show, eventually, comesTo, functionOf, driver, passes, why } = edge;
    await site.controller.start();
    await site.agent.start();
    await site.lightmano("apply", join(root, "examples/forwarder"), "--name", "fw");
    await comesTo("fw", "active");

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
      // Its end is seen all the same, a moment later that nothing can be done about it.
      await comesTo("squid", "degraded");
      await eventually("it says why it stays so", async () => {
        const { state, code } = await show("squid");
        return state === "degraded" && code === "driver.unavailable";
      });
      await lab.docker.start();
      await comesTo("squid", "active");
    });
  },
);
