/** What a function tells reaches who asks the node: a GTP-U path that dies, on a real node with the breakout of the example. */
import t from "tap";
import { createSite } from "../../lab/site.js";
import { waitUntil } from "../../lab/wait.js";
import type { AgentEvent, ServiceStatus } from "../../model/messages/node.js";
import { labTest, root, startLab } from "../support/lab.js";
import { breakoutAlone } from "../support/packages.js";

/** eNodeBs that nobody is. */
const DEAD_ENB = "10.9.0.77";
const ANOTHER = "10.9.0.78";
/** Echo Requests (TS 29.281 §7.2.1), more of them than may stay without an answer. */
const askIn = (enb: string): string => `
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for n in range(7):
    s.sendto(struct.pack('>BBHIHBB', 0x32, 1, 4, 0, n, 0, 0), ('${enb}', 2152))
`;

t.test(
  "a path that dies is an event of the node and of the controller, and a metric",
  labTest(110_000, "dist/agent.mjs", "dist/cli.mjs", "dist/controller.mjs", "build/click/lclick"),
  async (t) => {
    const lab = await startLab(t, "lmx4-");
    const site = await createSite({ lab, projectRoot: root });
    const eventually = <T>(what: string, probe: () => Promise<T | undefined | false>) =>
      waitUntil(what, probe, { timeoutMs: 20_000 });
    await site.controller.start();
    await site.agent.start();
    await site.lightmano("apply", await breakoutAlone(t), "--name", "s1");
    await eventually(
      "the service is active",
      async () => (await site.lightmano<ServiceStatus>("service", "show", "s1")).state === "active",
    );

    const dies = async (enb: string): Promise<void> => {
      const neighbour = ["dev", "s1", "lladdr", "02:00:00:00:00:77", "nud", "permanent"];
      t.match(await lab.exec("epc", ["ip", "neigh", "replace", enb, ...neighbour]), { code: 0 });
      t.match(await lab.exec("epc", ["/usr/bin/python3", "-c", askIn(enb)]), { code: 0 });
    };
    await dies(DEAD_ENB);
    const told = () =>
      site
        .lightmano<readonly AgentEvent[]>("events", "-n", "200")
        .then((events) => events.filter(({ type }) => type.startsWith("lvnf.")));
    await eventually("it is told", async () => (await told()).length > 0);
    const path = { end: "enb", enb: DEAD_ENB, core: lab.addresses.epc, number: 1, handler: "events" };
    t.match(await told(), [{ object: "function/s1.breakout", type: "lvnf.path-down", data: path }]);
    await eventually("the controller has it", async () => {
      const { body } = await site.rest<readonly { event?: AgentEvent }[]>("GET", "/api/v1/events?limit=200");
      return JSON.stringify(body).includes("lvnf.path-down");
    });

    await site.agent.kill();
    await site.agent.start();
    const samples = async (name: string) => {
      const families =
        await site.lightmano<{ name: string; samples: { labels: [string, string][]; value: string }[] }[]>(
          "metrics",
        );
      return families.find((family) => family.name === name)?.samples ?? [];
    };
    const up = await eventually("its metrics are read", async () => {
      const found = await samples("gtp_path_end_up");
      return found.length > 0 && found;
    });
    t.match(
      up.map(({ labels, value }) => ({ ...Object.fromEntries(labels), value })),
      [
        {
          site: "demo",
          node: "edge-1",
          service: "s1",
          function: "breakout",
          enb: DEAD_ENB,
          end: "enb",
          value: "0",
        },
      ],
    );
    t.match(
      (await samples("lightmano_function_metrics_readable")).map(({ value }) => value),
      ["1"],
    );
    await dies(ANOTHER);
    await eventually("the next one is told", async () =>
      (await told()).some(({ data }) => data?.enb === ANOTHER),
    );
    t.same(
      (await told()).map(({ data }) => data?.number),
      [1, 2],
      "and an agent that starts again tells nothing twice",
    );
  },
);
