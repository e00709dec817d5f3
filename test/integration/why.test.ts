/** `why OBJECT` over MQTT: every kind of object has an answer, and what is none is told what there is. */
import t from "tap";
import { NEW_FUNCTION } from "../../agent/domain/supervision.js";
import { crashLoop } from "../../agent/explain.js";
import { broker } from "../support/bus.js";
import { EXAMPLE_INPUTS, EXAMPLE_LAYOUT, exampleSource } from "../support/example.js";
import { agent, operator } from "../support/linked-agent.js";

t.test("every kind of object is explained", async (t) => {
  const { port } = await broker(t);
  const { start } = await agent(t);
  await start(port);
  const { ask } = await operator(t, port);
  const request = { ...exampleSource(), id: "mec", name: "mec", inputs: EXAMPLE_INPUTS };
  t.match(await ask("apply", { ...request }), { outcome: "ok", result: { id: "mec" } });
  const why = async (object: string) => {
    const reply = await ask("why", { object });
    return reply.outcome === "ok" ? (reply.result as { now: string }).now : `${reply.code}: ${reply.detail}`;
  };
  t.match(await why("mec"), /^service mec is /);
  t.match(await why("mec.breakout"), /^lvnf mec\.breakout is /);
  t.match(await why("docker"), /^docker is ready/);
  const { bridge, ports } = EXAMPLE_LAYOUT;
  const [sap, device] = Object.entries(ports)[0] as [string, string];
  for (const name of [sap, device, `port/${device}`])
    t.match(await why(name), new RegExp(`^port ${device} \\(SAP ${sap}\\) is `));
  t.match(await why("eth9"), /^interface eth9 is there; it is no port/);
  t.match(await why(bridge), new RegExp(`^bridge ${bridge} \\(\\w+\\) has \\d+ ports`));
  t.match(await why("bridge"), new RegExp(`^bridge ${bridge} `));
  t.match(await why("image/lightmano/squid:1"), /is wanted by mec\.cache/);
  t.match(await why("journal"), /^the journal can be written, \d+ reports/);
  t.match(await why("link"), /on its own: agent\.yaml names no controller/);
  t.match(await why("agent"), /^agent 1 is up for/);
  t.match(await why("nonsense"), /^object\.not-found: nothing here is called nonsense; ask for a service/);
});

t.test("a crash loop says how often, when it is tried next, and by which rule", async (t) => {
  t.equal(crashLoop(NEW_FUNCTION, 0), null);
  t.match(
    crashLoop({ ...NEW_FUNCTION, failures: 13, nextAttemptAt: 12_500 }, 10_000),
    /^13 failures count against it, the next try is in 2\.5 s \(.*at once 10 times, then after 1 s/,
  );
  t.match(crashLoop({ ...NEW_FUNCTION, failures: 1, nextAttemptAt: 0 }, 10_000), /the next try is now/);
  t.match(
    crashLoop({ ...NEW_FUNCTION, failures: 4, runningSince: 1 }, 10_000),
    /^4 failures count against it \(each 10 s of running forgive one/,
  );
});
