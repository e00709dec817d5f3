/** `up` and `down` as lists of steps. Each step looks first and does only what is missing. */
import { mkdir } from "node:fs/promises";
import { type Artifacts, ensureArtifacts } from "./artifacts.js";
import type { LabContext, LabEvent } from "./context.js";
import { ensureDocker, ensureSquidImage } from "./docker.js";
import { inStep } from "./errors.js";
import { ensureLinks } from "./links.js";
import { withLock } from "./lock.js";
import { attachUe, ensureGgsn, ueAddress } from "./mobile.js";
import { ensureNamespaces, removeNamespaces } from "./namespaces.js";
import { BARE_BRIDGE, bridgeOf, bridgeS1Directly, ensureOvs, VSWITCHD_PROCESS } from "./ovs.js";
import { checkMachine, checkRoot } from "./preflight.js";
import { stopProcess } from "./processes.js";
import { LAB_PROCESSES } from "./status.js";
import { removeFiles, stopAllProcesses, stopContainers, stopForeignProcesses } from "./teardown.js";
import { type Cable, type Namespace, UES } from "./topology.js";
import { throwIfAborted } from "./wait.js";
import { ensureOrigins, ensureRelay, isUplinkCut, RELAY_PROCESS, restoreUplink } from "./wan.js";

export interface UpOptions {
  /** Joins S1 by a plain bridge and attaches both UEs, so that the site works without an agent. */
  readonly bare?: boolean;
}

/**
 * Makes the site, or repairs what is missing of it. Safe to run at any time.
 * Errors: `LabError` that names the step; what the steps before it made stays, `up` goes on from there.
 */
export async function bringUp(lab: LabContext, options: UpOptions = {}): Promise<void> {
  await step(lab, "machine", always(checkMachine));
  await withLock(lab.paths.lockFile, async () => {
    await mkdir(lab.paths.logDir, { recursive: true });
    const artifacts = await step(lab, "build", async () => {
      const made = await ensureArtifacts(lab);
      return { result: made, done: made.built.length > 0, detail: made.built.join(" ") };
    });
    await step(lab, "namespaces", async () => {
      const made = await ensureNamespaces(lab);
      return { result: undefined, done: made.length > 0, detail: made.join(" ") };
    });
    await step(lab, "links", async () => {
      const made = await ensureLinks(lab);
      // Both still hold the interfaces that were there before, by number.
      if (made.some((cable) => touches(cable, "wan"))) await stopProcess(lab, RELAY_PROCESS);
      if (made.some((cable) => touches(cable, "edge"))) await stopProcess(lab, VSWITCHD_PROCESS);
      return { result: undefined, done: made.length > 0, detail: `${made.length} cables laid` };
    });
    await startServices(lab, artifacts);
    if (await isUplinkCut(lab))
      await step(
        lab,
        "uplink",
        always(() => restoreUplink(lab)),
      );
    if (options.bare === true) await startBare(lab);
  });
}

/** Takes away everything that belongs to the lab; nothing is left when it resolves. Safe to run at any time. */
export async function takeDown(lab: LabContext): Promise<void> {
  // Cleaning up is what one does after an interruption: a fired signal does not stop it.
  const unstoppable: LabContext = { ...lab, signal: undefined };
  checkRoot();
  await withLock(lab.paths.lockFile, async () => {
    const keep = new Set(LAB_PROCESSES);
    await step(unstoppable, "guests", async () => ended(await stopForeignProcesses(unstoppable, keep)));
    await step(unstoppable, "docker", async () => removed(await stopContainers(unstoppable)));
    await step(unstoppable, "processes", async () => ended(await stopAllProcesses(unstoppable)));
    await step(unstoppable, "namespaces", async () => {
      const gone = await removeNamespaces(unstoppable);
      return { result: undefined, done: gone.length > 0, detail: gone.join(" ") };
    });
    await step(
      unstoppable,
      "files",
      always(() => removeFiles(unstoppable)),
    );
  });
}

async function startServices(lab: LabContext, artifacts: Artifacts): Promise<void> {
  const started = (done: boolean) => ({ result: undefined, done, detail: "" });
  // Side by side, but all of them to their end: a second failure must not go on behind the first one's back.
  const outcomes = await Promise.allSettled([
    step(lab, "Open vSwitch", async () => started(await ensureOvs(lab))),
    step(lab, "WAN delay", async () => started(await ensureRelay(lab, artifacts))),
    step(lab, "origins", async () => started(await ensureOrigins(lab, artifacts))),
    step(lab, "EPC", async () => started(await ensureGgsn(lab))),
    step(lab, "Docker", async () => started(await ensureDocker(lab))).then(() =>
      step(lab, "Squid image", async () => started(await ensureSquidImage(lab, artifacts))),
    ),
  ]);
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

async function startBare(lab: LabContext): Promise<void> {
  await step(lab, "S1 bridge", async () => {
    const bridges = await Promise.all(["s1-ran", "s1-core"].map((port) => bridgeOf(lab, port)));
    const done = !bridges.every((bridge) => bridge === BARE_BRIDGE);
    if (done) await bridgeS1Directly(lab);
    return { result: undefined, done, detail: BARE_BRIDGE };
  });
  for (const ue of UES) {
    await step(lab, `attach ${ue}`, async () => {
      const before = await ueAddress(lab, ue);
      const { address } = await attachUe(lab, ue);
      return { result: undefined, done: before === undefined, detail: address };
    });
  }
}

function touches({ a, b }: Cable, ns: Namespace): boolean {
  return a.ns === ns || b.ns === ns;
}

interface StepResult<T> {
  readonly result: T;
  readonly done: boolean;
  readonly detail: string;
}

const ended = (count: number) => ({ result: undefined, done: count > 0, detail: `${count} ended` });
const removed = (count: number) => ({
  result: undefined,
  done: count > 0,
  detail: `${count} containers removed`,
});

/** A step that has nothing to look up first, or looks for itself. */
function always(work: () => Promise<void>): () => Promise<StepResult<undefined>> {
  return async () => {
    await work();
    return { result: undefined, done: true, detail: "" };
  };
}

/** Runs a step, tells how long it took, and names it in whatever error it ends with. */
async function step<T>(lab: LabContext, name: string, work: () => Promise<StepResult<T>>): Promise<T> {
  throwIfAborted(lab.signal, name);
  const startedAt = performance.now();
  const tell = (state: LabEvent["state"], detail: string) =>
    lab.log({ step: name, state, ms: performance.now() - startedAt, detail });
  try {
    const outcome = await work();
    tell(outcome.done ? "done" : "kept", outcome.done ? outcome.detail : "");
    return outcome.result;
  } catch (error) {
    const told = inStep(
      error,
      name,
      "lightmano lab up repairs what is missing, lightmano lab down takes it all away",
    );
    tell("failed", told.message);
    throw told;
  }
}
