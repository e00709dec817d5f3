import t from "tap";
import { controller, instantiate, type Tap } from "../support/controller.js";
import { startFakeNode } from "../support/fake-node.js";
import { until } from "../support/until.js";

t.test(
  "the stream begins with all that there is, goes on with changes, and resumes after Last-Event-ID",
  async (t) => {
    const at = await controller(t);
    const node = await startFakeNode({ port: at.mqttPort ?? 0 });
    t.teardown(node.stop);
    for (const detail of ["one", "two", "three"]) node.report({ event: node.event("counted", detail) });
    await until("they are acknowledged", () => node.pending() === 0);
    const stream = await listen(t, at.restPort);
    await until("the beginning is complete", () => stream.names().includes("ready"));
    t.same(stream.names().slice(0, 3), ["hello", "nodes", "services"]);
    t.same(stream.events(), ["one", "two", "three"]);
    const { id } = await instantiate(at);
    await until("the new service is told", () => stream.text().includes(`"id":"${id}","services":[{`));
    node.report({ event: node.event("counted", "four") });
    await until("the new event is told", () => stream.events().includes("four"));
    const resumed = await listen(t, at.restPort, "2");
    await until("the rest is told", () => resumed.names().includes("ready"));
    t.same(resumed.events(), ["three", "four"]);
  },
);

async function listen(t: Tap, port: number, lastEventId?: string) {
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  const headers = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/stream`, { signal: stop.signal, headers });
  let text = "";
  const read = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk as Uint8Array);
  };
  read().catch(() => undefined);
  return {
    text: () => text,
    names: () => [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name),
    events: () =>
      [...text.matchAll(/^event: event\ndata: (.*)$/gm)].map(
        ([, data]) => JSON.parse(data ?? "").detail as string,
      ),
  };
}
