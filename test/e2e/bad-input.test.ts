/** Bad input to a real node: real Open vSwitch and lclick, agent and controller as processes. */
import { join } from "node:path";
import t from "tap";
import { createEdge, type NodeStatus } from "../support/edge.js";
import { labTest, root } from "../support/lab.js";
import { exampleCopy, lvnfOnWan, replaceIn } from "../support/packages.js";

/** An agent may wait for half a minute between two tries to reach its controller (bus/client.ts). */
const RECONNECTED_WITHIN_MS = 45_000;

t.test(
  "bad input",
  labTest(110_000, "dist/agent.mjs", "dist/cli.mjs", "dist/controller.mjs", "build/click/lclick"),
  async (t) => {
    const edge = await createEdge(t, "lmx1-");
    const { site, command, show, eventually, comesTo, gone, atController, passes, why } = edge;

    await t.test("the controller is away when the agent starts: it works, and reports later", async (t) => {
      await site.agent.start();
      t.notOk((await site.lightmano<NodeStatus>("status")).link.connected);
      await site.lightmano("apply", join(root, "examples/forwarder"), "--name", "fw");
      await comesTo("fw", "active");
      t.ok(await passes(), "traffic passes");
      t.ok((await site.lightmano<NodeStatus>("status")).link.pendingReports > 0);
      await site.controller.start();
      await eventually(
        "it is connected",
        async () => (await site.lightmano<NodeStatus>("status")).link.connected,
        RECONNECTED_WITHIN_MS,
      );
      await eventually(
        "its reports have arrived",
        async () => (await atController("fw"))?.state === "active",
      );
      await eventually(
        "all of them",
        async () => (await site.lightmano<NodeStatus>("status")).link.pendingReports === 0,
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
  },
);
