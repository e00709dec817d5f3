/** What the controller does where what it knows of a node is perhaps not what that node said. */
import t from "tap";
import { envelopeMaker } from "../../bus/envelope.js";
import { silentLog } from "../../bus/log.js";
import { createDoubts } from "../../controller/doubts.js";
import { LightmanoError } from "../../model/errors.js";
import { asNodeId, asSiteId } from "../../model/ids.js";

const envelope = envelopeMaker({ clock: () => 0, random: Math.random });
const node = asNodeId("n1");
const sites = Array.from({ length: 100 }, (_, i) => asSiteId(`s${i}`));
/** Until nothing more happens that waits for nobody. */
const quiet = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

t.test("statuses that come together are looked at with few readings of the store", async (t) => {
  const readings: (readonly { readonly site: string }[])[] = [];
  const called: string[] = [];
  let hear: (status: object, at: object) => void = () => undefined;
  const doubts = createDoubts({
    store: {
      reports: {
        async foreign(keys: readonly { readonly site: string }[]) {
          readings.push([...keys]);
          await quiet();
          return keys.filter(({ site }) => site === "s99");
        },
      } as never,
    },
    intake: { last: () => 0, call: async ({ site }) => void called.push(site) },
    fleet: { node: () => null },
    noted: () => undefined,
    clock: () => 0,
    log: silentLog,
  });
  doubts.listen({ on: (_name: string, handler: typeof hear) => (hear = handler) } as never);
  for (const site of sites) {
    hear({ ...envelope(), status: "online", store: "a", acknowledged: 0 }, { site, node, retained: false });
    if (site === "s9") await quiet();
  }
  for (let turn = 0; turn < 5; turn++) await quiet();
  t.equal(readings.flat().length, sites.length, "each is looked at");
  t.ok(readings.length <= 3, `${readings.length} readings`);
  t.same(called, ["s99"]);
});

t.test(
  "a store that fails keeps nobody from being asked, and what it did not take it is given again",
  async (t) => {
    const [asked, noted]: [string[], string[]] = [[], []];
    const full = new LightmanoError("store.failed", "database or disk is full");
    let failing: "note" | "foreign" | null = "note";
    let hear: (status: object, at: object) => void = () => undefined;
    const doubts = createDoubts({
      store: {
        reports: {
          async foreign(keys: readonly { readonly store: string }[]) {
            if (failing === "foreign") throw full;
            return keys.filter(({ store }) => store === "b");
          },
          async note(_site: string, _node: string, { type }: { readonly type: string }) {
            if (failing === "note") throw full;
            noted.push(type);
          },
        } as never,
      },
      intake: { last: () => 0, call: async ({ store }, { again }) => void (again && asked.push(store)) },
      fleet: { node: () => null },
      noted: () => undefined,
      clock: () => 0,
      log: silentLog,
    });
    doubts.listen({ on: (_name: string, handler: typeof hear) => (hear = handler) } as never);
    const says = async (life: string, store: string, second: number): Promise<void> => {
      const ts = `2026-01-01T00:00:0${second}.000Z`;
      hear(
        { ...envelope(), ts, status: "online", life, store, acknowledged: 0 },
        { site: "s1", node: "n1", retained: false },
      );
      for (let turn = 0; turn < 5; turn++) await quiet();
    };
    await says("one", "a", 1);
    await says("other", "a", 2);
    await says("one", "b", 3);
    t.same(
      [asked, noted],
      [["b"], []],
      "the second agent is not noted yet, its state is asked for all the same",
    );
    failing = "foreign";
    await says("one", "b", 4);
    failing = null;
    await doubts.taken([]);
    t.same([asked, noted], [["b", "b"], ["node.two-agents"]]);
    await doubts.taken([]);
    t.same([asked, noted], [["b", "b"], ["node.two-agents"]], "once");
  },
);
