import t from "tap";
import { type ApplyRequest, type Catalogue, createCatalogue } from "../../../agent/catalogue.js";
import type { DesiredService } from "../../../agent/domain/target.js";
import type { DesiredObject, Journal, JournalledObject } from "../../../agent/store/journal.js";
import { digestOf } from "../../../model/digest.js";
import { LightmanoError } from "../../../model/errors.js";
import { EXAMPLE_INPUTS, exampleSource, exampleWith } from "../../support/example.js";

/** A journal in memory: as much of one as a catalogue wants. */
function memoryJournal(): Pick<Journal, "desired" | "putDesired"> & {
  full: boolean;
  holdNext(): () => void;
} {
  const objects = new Map<string, JournalledObject>();
  let held: Promise<void> | undefined;
  const journal = {
    full: false,
    /** The next reading sees what is there when it begins, and comes out when it is let go. */
    holdNext() {
      let letGo: () => void = () => undefined;
      held = new Promise((resolve) => (letGo = resolve));
      return letGo;
    },
    async desired() {
      const seen = [...objects.values()];
      const gate = held;
      held = undefined;
      await gate;
      return seen;
    },
    async putDesired(object: DesiredObject) {
      if (journal.full) throw new LightmanoError("store.failed", "the disk is full");
      const key = `${object.kind}/${object.id}`;
      if ((objects.get(key)?.revision ?? -1) >= object.revision) return false;
      objects.set(key, { ...object, added: objects.get(key)?.added ?? objects.size + 1 });
      return true;
    },
  };
  return journal;
}

interface Given {
  readonly journal: ReturnType<typeof memoryJournal>;
  readonly catalogue: Catalogue;
  /** The services each time that they changed. */
  readonly told: (readonly DesiredService[])[];
}
async function given(journal = memoryJournal()): Promise<Given> {
  const told: (readonly DesiredService[])[] = [];
  const catalogue = createCatalogue(journal, (services) => told.push(services));
  await catalogue.load();
  return { journal, catalogue, told };
}
const request = (change: Partial<ApplyRequest> = {}): ApplyRequest => ({
  ...exampleSource(),
  id: "mec",
  name: "mec",
  inputs: EXAMPLE_INPUTS,
  ...change,
});
const envelope = { v: 1, id: "m-1", ts: "2026-01-01T00:00:00.000Z" } as const;
const source = exampleSource();
const digest = digestOf({ entry: source.entry, files: source.files });
const packageId = digest.replace("sha256:", "");
const packageMessage = {
  ...envelope,
  revision: 1,
  package: { digest, ...source, files: { ...source.files } },
};
const serviceMessage = (revision: number, id = "mec") => ({
  ...envelope,
  revision,
  service: { id, name: id, packageDigest: digest, inputs: { ...EXAMPLE_INPUTS } },
});
const tombstone = (revision: number) => ({ ...envelope, revision, deleted: true as const });

t.test("of two that change a service at once, the one that comes too late is told so", async (t) => {
  const { catalogue } = await given();
  const rules = ["tcp", "udp"];
  const both = rules.map((rule) => catalogue.apply(request({ inputs: { ...EXAMPLE_INPUTS, rule } })));
  const outcomes = await Promise.allSettled(both);
  t.same(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"], "whichever it is");
  t.match(
    outcomes.filter(({ status }) => status === "rejected"),
    [{ reason: { code: "object.conflict", detail: /mec .*try again/ } }],
  );
  const rule = rules[outcomes.findIndex(({ status }) => status === "fulfilled")];
  t.match(catalogue.services(), [{ revision: 1, request: { inputs: { rule } } }]);
});

t.test("apply stores package and service, and tells of it", async (t) => {
  const { journal, catalogue, told } = await given();
  await catalogue.apply(request());
  t.match(catalogue.services(), [
    { request: { id: "mec", packageDigest: digest }, revision: 1, problems: [] },
  ]);
  t.equal(told.at(-1), catalogue.services());
  t.equal(catalogue.originOf("mec"), "local");
  await catalogue.apply(request({ inputs: { ...EXAMPLE_INPUTS, rule: "udp" } }));
  t.match(catalogue.services(), [{ revision: 2, request: { inputs: { rule: "udp" } } }]);
  t.equal(catalogue.packages().length, 1, "the same package is kept once");
  const again = await given(journal);
  t.match(
    again.catalogue.services(),
    [{ revision: 2, descriptor: { id: "mobile-edge-cache" } }],
    "and survives",
  );
});

t.test("what does not fit its descriptor is refused whole, with every problem in its place", async (t) => {
  const { catalogue, journal } = await given();
  const bad = exampleWith("nsd.yaml", "type: lightmano.nodes.Nfp", "type: lightmano.nodes.Nvp");
  await t.rejects(catalogue.apply(request(bad)), {
    code: "descriptor.invalid",
    problems: [
      { place: { file: "nsd.yaml", line: Number, column: Number }, detail: /lightmano\.nodes\.Nvp/ },
    ],
  });
  const { ue_prefix: _prefix, ...rest } = EXAMPLE_INPUTS;
  await t.rejects(catalogue.apply(request({ inputs: { ...rest, wan_address: "x", colour: 1 } })), {
    code: "descriptor.invalid",
    problems: [{}, {}, {}],
  });
  await t.rejects(catalogue.apply(request({ id: "a/b" })), { code: "usage.invalid", detail: /"a\/b"/ });
  t.same(catalogue.services(), []);
  t.same(await journal.desired(), [], "nothing of it was stored");
});

t.test("terminate leaves a tombstone; what is not there is not found", async (t) => {
  const { catalogue, journal } = await given();
  await t.rejects(catalogue.terminate("mec"), { code: "object.not-found" });
  await catalogue.apply(request());
  await catalogue.terminate("mec");
  t.same(catalogue.services(), []);
  t.match((await journal.desired()).at(-1), { kind: "service", revision: 2, body: null });
  await t.rejects(catalogue.terminate("mec"), { code: "object.not-found" }, "nor a second time");
  await catalogue.apply(request());
  t.match(catalogue.services(), [{ revision: 3 }]);
});

t.test(
  "what nothing is known of can be buried, and is wanted again by whoever wants it at all",
  async (t) => {
    const { catalogue, journal } = await given();
    await catalogue.bury("mec");
    t.match(await journal.desired(), [{ kind: "service", id: "mec", revision: 0, body: null }]);
    await catalogue.takePackage(packageId, packageMessage);
    await catalogue.takeService("mec", serviceMessage(1));
    t.match(catalogue.services(), [{ revision: 1, problems: [] }]);
    await catalogue.bury("mec");
    t.match(catalogue.services(), [{ revision: 1 }], "what is known of is not buried");
  },
);

t.test("the controller's service is not for the node to change", async (t) => {
  const { catalogue } = await given();
  await catalogue.takePackage(packageId, packageMessage);
  await catalogue.takeService("mec", serviceMessage(4));
  t.match(catalogue.services(), [{ revision: 4, problems: [] }]);
  for (const attempt of [() => catalogue.apply(request()), () => catalogue.terminate("mec")])
    await t.rejects(async () => void (await attempt()), {
      code: "object.conflict",
      detail: /service mec is the controller's/,
    });
  await catalogue.takeService("mec", serviceMessage(3));
  t.match(catalogue.services(), [{ revision: 4 }], "an older revision changes nothing");
});

t.test("a service whose package has not come yet waits for it, and says so", async (t) => {
  const { catalogue } = await given();
  await catalogue.takeService("mec", serviceMessage(1));
  t.match(catalogue.services(), [{ descriptor: null, problems: [{ detail: /has not arrived/ }] }]);
  await catalogue.takePackage(packageId, packageMessage);
  t.match(catalogue.services(), [{ descriptor: { id: "mobile-edge-cache" }, problems: [] }]);
});

t.test("messages that contradict themselves are refused", async (t) => {
  const { catalogue, journal } = await given();
  const forged = {
    ...packageMessage,
    package: { ...packageMessage.package, digest: `sha256:${"0".repeat(64)}` },
  };
  await t.rejects(catalogue.takePackage("p", forged), { code: "package.unreadable", detail: /digest/ });
  await t.rejects(catalogue.takeService("other", serviceMessage(1)), {
    code: "usage.invalid",
    detail: /mec came under the topic of other/,
  });
  const neither = { ...envelope, revision: 1 };
  for (const message of [neither, { ...serviceMessage(1), deleted: true as const }])
    await t.rejects(catalogue.takeService("mec", message), { code: "usage.invalid", detail: /"deleted"/ });
  await t.rejects(catalogue.takePackage("p", neither), { code: "usage.invalid", detail: /"deleted"/ });
  t.same(await journal.desired(), []);
});

t.test(
  "a service that comes and goes at once is gone: the last word counts, in whatever order it is read",
  async (t) => {
    const { catalogue, told, journal } = await given();
    await catalogue.takePackage(packageId, packageMessage);
    const letGo = journal.holdNext();
    const turns = async (): Promise<void> => {
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    };
    const came = catalogue.takeService("mec", serviceMessage(1));
    await turns(); // it has been stored and is being read
    const went = catalogue.takeService("mec", tombstone(2));
    await turns();
    letGo();
    await Promise.all([came, went]);
    t.same(catalogue.services(), []);
    t.same(told.at(-1), []);
    await Promise.all([
      catalogue.takeService("b", serviceMessage(2, "b")),
      catalogue.takeService("c", serviceMessage(1, "c")),
    ]);
    t.equal(catalogue.services().length, 2);
  },
);

t.test("what could not be stored is neither acted upon nor acknowledged", async (t) => {
  const { catalogue, journal, told } = await given();
  const before = told.length;
  journal.full = true;
  for (const attempt of [
    () => catalogue.apply(request()),
    () => catalogue.takeService("mec", serviceMessage(1)),
    () => catalogue.takePackage(packageId, packageMessage),
  ])
    await t.rejects(async () => void (await attempt()), { code: "store.failed" });
  t.same(catalogue.services(), []);
  t.equal(told.length, before);
});

t.test(
  "a package in the journal that cannot even be read fails its service, and not the agent's start",
  async (t) => {
    const { journal, catalogue } = await given();
    await catalogue.apply(request());
    const unreadable = {
      digest: `sha256:${"f".repeat(64)}`,
      entry: "nsd.yaml",
      files: null as never,
    } as const;
    await journal.putDesired({
      kind: "package",
      id: "f",
      revision: 1,
      origin: "controller",
      body: unreadable,
    });
    const body = { id: "bad", name: "bad", packageDigest: unreadable.digest, inputs: {} };
    await journal.putDesired({ kind: "service", id: "bad", revision: 1, origin: "controller", body });
    const again = await given(journal);
    const problemsOf = (id: string) => again.catalogue.services().find((s) => s.request.id === id)?.problems;
    t.match(problemsOf("bad"), [{ code: "agent.internal", detail: /package nsd\.yaml cannot be read/ }]);
    t.same(problemsOf("mec"), []);
  },
);

t.test("a package is read once with the same inputs, whatever else changes", async (t) => {
  const { catalogue, told } = await given();
  const descriptorOf = (id: string) => told.at(-1)?.find((one) => one.request.id === id)?.descriptor;
  const { descriptor } = await catalogue.apply(request());
  t.ok(descriptor);
  await catalogue.apply(request({ id: "other" }));
  t.equal(descriptorOf("mec"), descriptor);
  t.equal(descriptorOf("other"), descriptor, "services of the same package share it");

  const other = { ...EXAMPLE_INPUTS, rule: "tcp and dst port 8080" };
  await catalogue.apply(request({ inputs: other }));
  t.not(descriptorOf("mec"), descriptor);
  t.match(JSON.stringify(descriptorOf("mec")), /8080/);
  t.equal(descriptorOf("other"), descriptor, "the one that did not change has its own");
  await catalogue.terminate("other");
  await catalogue.apply(request());
  t.not(descriptorOf("mec"), descriptor, "what nobody wants any more is not kept");
  t.strictSame(descriptorOf("mec"), descriptor);
});
