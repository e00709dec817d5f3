/** Consoles over the real agent: a shell in a container, a dialogue with an LVNF; and the inventory beside them. */

import t from "tap";
import { createSite } from "../../lab/site.js";
import { waitUntil } from "../../lab/wait.js";
import { labTest, root, startLab } from "../support/lab.js";

t.test(
  "consoles and inventory",
  labTest(90_000, "dist/agent.mjs", "dist/cli.mjs", "build/click/lclick"),
  async (t) => {
    const lab = await startLab(t, "lmc-");
    const site = await createSite({ lab, projectRoot: root });
    await site.agent.start();
    const { uePrefix, wanSquid, wanGateway } = lab.addresses;
    const inputs = [
      `ue_prefix=${uePrefix}`,
      `wan_address=${wanSquid}/24`,
      `wan_gateway=${wanGateway}`,
    ].flatMap((pair) => ["--input", pair]);
    await site.lightmano("apply", `${root}examples/mobile-edge-cache`, "--name", "mec", ...inputs);
    await waitUntil(
      "the service is active",
      async () => (await site.lightmano<{ state: string }>("service", "show", "mec")).state === "active",
      { timeoutMs: 20_000 },
    );
    const consoleOf = (id: string, input: string) =>
      lab.exec("edge", [`${root}bin/lightmano`, "--socket", site.socket, "lvnf", "console", id], {
        input,
        timeoutMs: 20_000,
      });

    await t.test("a container's console is a shell inside it, and its exit code the command's", async (t) => {
      const done = await consoleOf("mec.cache", "cat /proc/1/comm; ip -o -4 addr show dev eth0; exit 7\n");
      t.match(done.stdout, /squid/);
      t.match(done.stdout, /10\.40\.0\.10\/24/);
      t.equal(done.code, 7);
    });
    await t.test("an LVNF's console reads and writes declared handlers and no other", async (t) => {
      const done = await consoleOf(
        "mec.breakout",
        "write rules breakout tcp and dst port 8088\nread rules\nread uplink.counts\nquit\n",
      );
      t.match(done.stdout, /breakout tcp and dst port 8088/);
      t.match(done.stdout, /declares no handler "uplink\.counts" to read/);
      t.equal(done.code, 0);
    });
    await t.test("there is none of what is not there", async (t) => {
      const done = await consoleOf("mec.nothing", "");
      t.equal(done.code, 3);
      t.match(done.stderr, /no function mec\.nothing; there are mec\.breakout, mec\.cache/);
    });
    await t.test("the inventory has the machine and the node's ports", async (t) => {
      const found = await site.lightmano<{
        cpu: { cores: number };
        memoryBytes: number;
        kernel: string;
        ports: unknown[];
      }>("node", "show");
      t.ok(found.cpu.cores >= 1 && found.memoryBytes > 0 && found.kernel.length > 0);
      t.match(found.ports, [{ name: "ran", interface: "s1-ran" }, { name: "core" }, { name: "wan" }]);
    });
  },
);
