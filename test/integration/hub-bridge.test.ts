/** The bridge of a site's hub between two real brokers, of which either is away at times. */
import t, { type Test } from "tap";
import { createBridge } from "../../agent/hub/bridge.js";
import type { JournalledObject } from "../../agent/store/journal.js";
import { desiredRoot } from "../../bus/digest.js";
import { silentLog } from "../../bus/log.js";
import { asNodeId, asSiteId } from "../../model/ids.js";
import { topics } from "../../model/topics.js";
import { broker, client, envelope, time } from "../support/bus.js";
import { relay } from "../support/relay.js";
import { until } from "../support/until.js";

const site = asSiteId("s1");
const member = asNodeId("n2");
const ID = "a".repeat(64);
const tombstone = (revision: number) => ({ ...envelope(), revision, deleted: true as const });

async function bridged(t: Test, desired: readonly JournalledObject[] = []) {
  const [cloud, lan] = [await broker(t), await broker(t)];
  const [uplink, inside] = [await relay(t, cloud.port), await relay(t, lan.port)];
  const controller = client(t, cloud.port, "controller");
  const node = client(t, lan.port, "n2");
  const heard: string[] = [];
  controller.on("report", (report) => void heard.push(`report ${report.question}`));
  controller.on("reply", (_, { tail }) => void heard.push(`reply ${tail?.slice(-1)}`));
  controller.on(
    "status",
    ({ status, acknowledged }, { node }) => void heard.push(`${node} ${status} ${acknowledged}`),
  );
  node.on("desiredPackage", ({ revision }) => void heard.push(`package ${revision}`));
  node.on("desiredDigest", ({ root }) => void heard.push(`digest ${root.slice(-1)}`));
  node.on("command", ({ id }) => void heard.push(`command ${id.slice(-1)}`));
  node.on("reportAck", ({ upTo }) => void heard.push(`ack ${upTo}`));
  await controller.subscribe(["lightmano/v1/s1/node/#"]);
  await node.subscribe(["lightmano/v1/s1/desired/#", "lightmano/v1/s1/node/n2/#"]);
  controller.start();
  node.start();
  const bridge = createBridge({
    site,
    node: "n1",
    url: `mqtt://127.0.0.1:${uplink.port}`,
    localUrl: `mqtt://127.0.0.1:${inside.port}`,
    desired: async () => desired,
    log: silentLog,
    ...time,
  });
  t.teardown(bridge.stop);
  await bridge.start();
  await until("all are connected", () => bridge.connected() && controller.connected() && node.connected());
  const says = (what: string): Promise<unknown> => until(what, () => heard.includes(what));
  return { bridge, controller, node, uplink, inside, heard, says };
}

const report = (question: number) => ({ ...envelope(), store: "j1", after: 0, question, items: [] });
const id = (last: number): string => `00000000-0000-4000-8000-00000000000${last}`;
const digest = (last: string) => ({
  ...envelope(),
  ...desiredRoot([]),
  root: `sha256:${"0".repeat(63)}${last}`,
});

t.test(
  "a report that was under way when the uplink was lost is said when it is back, and only the last one",
  async (t) => {
    const { bridge, node, uplink, heard, says } = await bridged(t);
    await node.publish(topics.report(site, member), report(1));
    await says("report 1");
    uplink.shut();
    await until("the uplink is lost", () => !bridge.connected());
    for (const question of [2, 3]) await node.publish(topics.report(site, member), report(question));
    for (const last of [1, 2])
      await node.publish(topics.reply(site, member, id(last)), {
        ...envelope(),
        outcome: "ok",
        code: null,
        detail: null,
      });
    uplink.mend();
    await says("report 3");
    await says("reply 2");
    const said = heard.filter((one) => /report|reply/.test(one));
    t.same(said, ["report 1", "report 3", "reply 1", "reply 2"], "each once");
  },
);

t.test("a report is said again with each connection until it is answered", async (t) => {
  const { bridge, controller, node, uplink, heard, says } = await bridged(t);
  const again = async (sign: number): Promise<void> => {
    uplink.cut();
    await until("the uplink is lost", () => !bridge.connected());
    const reply = { ...envelope(), outcome: "ok", code: null, detail: null };
    await node.publish(topics.reply(site, member, id(sign)), reply); // comes last
    await says(`reply ${sign}`);
  };
  const times = (): number => heard.filter((one) => one === "report 3").length;
  await node.publish(topics.report(site, member), report(3));
  await says("report 3");
  await again(1);
  t.equal(times(), 2, "its answer may have been lost with the connection");
  const answer = { ...envelope(), store: "j1", upTo: 0, hello: true };
  await controller.publish(topics.reportAck(site, member), { ...answer, question: 2 });
  await controller.publish(topics.reportAck(site, member), { ...answer, upTo: 1, store: "j2", question: 3 });
  await says("ack 1");
  await again(2);
  t.equal(times(), 3, "an answer to an earlier one, or to another journal, is none");
  await controller.publish(topics.reportAck(site, member), { ...answer, upTo: 2, question: 3 });
  await says("ack 2");
  await again(3);
  t.equal(times(), 3);
});

t.test("a node's status says how much was acknowledged since it was said", async (t) => {
  const { controller, node, uplink, heard, says } = await bridged(t);
  const status = {
    ...envelope(),
    status: "online",
    agentVersion: "1",
    life: "l1",
    store: "j1",
    acknowledged: 3,
  };
  await node.publish(topics.status(site, member), status);
  await says("n2 online 3");
  for (const [store, upTo] of [
    ["j1", 7],
    ["j1", 5],
    ["j2", 9],
  ] as const)
    await controller.publish(topics.reportAck(site, member), { ...envelope(), store, upTo });
  await says("ack 9");
  uplink.cut();
  await says("n2 online 7");
  t.same(
    heard.filter((one) => one.startsWith("n2")),
    ["n2 online 3", "n2 online 7"],
    "of its own journal, and never less",
  );
});

t.test(
  "what the controller says while the hub does not hear its own broker is said when it does",
  async (t) => {
    const { controller, node, inside, heard, says } = await bridged(t);
    await controller.publish(topics.desired(site, "package", ID), tombstone(7));
    await says("package 7");
    inside.shut();
    t.ok(node.connected(), "the members are at the broker all the while");
    await controller.publish(topics.desired(site, "package", ID), tombstone(8));
    await controller.publish(topics.desired(site, "package", ID), tombstone(9));
    await controller.publish(topics.desiredDigest(site), digest("f"));
    await controller.publish(topics.reportAck(site, member), { ...envelope(), store: "j1", upTo: 5 });
    inside.mend();
    for (const what of ["package 9", "digest f", "ack 5"]) await says(what);
    t.notOk(heard.includes("package 8"));
    inside.shut();
    await controller.publish(topics.desired(site, "package", ID), tombstone(10));
    inside.mend();
    await says("package 10");
    const digests = heard.filter((one) => one.startsWith("digest"));
    t.equal(digests.at(-1), "digest f", "the journal's own is not said over the controller's");
  },
);
