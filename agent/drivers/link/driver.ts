/** The driver of the node's network interfaces. See api.ts for the contract. */
import { type ErrorCode, LightmanoError } from "../../../model/errors.js";
import type { ObservedLinks, View } from "../../domain/observed.js";
import { createNotifier } from "../notifier.js";
import { type Run, run as runProgram } from "../run.js";
import { systemWaitClock, untilInStep, type WaitClock } from "../wait.js";
import type { LinkDriver, VethPair } from "./api.js";
import {
  attachCommands,
  bridgePortCommand,
  checkedName,
  nodePortCommands,
  removeCommand,
  steadyMac,
  vethCommands,
} from "./commands.js";
import { monitorLinks } from "./monitor.js";
import { readNames, sameNames } from "./names.js";

export interface LinkDriverOptions {
  /** `SITE/NODE`: MAC addresses are made of it, and must differ from those of another node on the same network. */
  readonly nodeId: string;
  /** lightmano-links (links/links.c). */
  readonly program: string;
  /** Put before every command, e.g. `["ip", "netns", "exec", "lab"]` where the node is a namespace. */
  readonly commandPrefix?: readonly string[];
  /** `/proc/PID/net/dev` of a process in the node's network namespace. */
  readonly procNetDev?: string;
  /** How often interfaces are looked for; what others make and remove is told by the monitor before that. */
  readonly pollMs?: number;
  /** Without the prefix; default: the program's own. */
  readonly monitor?: readonly string[];
  readonly log?: (message: string) => void;
  readonly clock?: WaitClock;
  readonly run?: Run;
}

const POLL_MS = 2_000;
const UNDO_TIMEOUT_MS = 5_000;

export function createLinkDriver(options: LinkDriverOptions): LinkDriver {
  const { commandPrefix = [], procNetDev = "/proc/self/net/dev", pollMs = POLL_MS } = options;
  const {
    nodeId,
    program,
    clock = systemWaitClock,
    run = runProgram,
    log = () => undefined,
    monitor = [program, "monitor"],
  } = options;
  let view: View<ObservedLinks> = { state: "starting", reason: "not looked yet", last: null };
  const { notify, begin } = createNotifier();

  const show = (next: View<ObservedLinks>) => {
    view = next;
    notify();
  };
  let looks = 0;
  let shownLook = 0;
  const lookOnce = async (): Promise<ReadonlySet<string>> => {
    const at = ++looks;
    const names = await readNames(procNetDev).catch((thrown: unknown) => {
      const words = `${procNetDev} cannot be read: ${(thrown as Error).message}`;
      throw new LightmanoError("driver.unavailable", words, { cause: thrown });
    });
    // One that was overtaken by a later look shows what was before.
    if (at < shownLook) return names;
    shownLook = at;
    if (view.state !== "ready" || !sameNames(view.now.names, names)) show({ state: "ready", now: { names } });
    return names;
  };
  let nextLook: Promise<ReadonlySet<string>> | null = null;
  /** Whoever asks before a look begins has its answer: of five hundred works each would else hold a list of a thousand names. */
  const look = (): Promise<ReadonlySet<string>> => {
    nextLook ??= new Promise<void>((begin) => setImmediate(begin)).then(() => {
      nextLook = null;
      return lookOnce();
    });
    return nextLook;
  };
  const lookAgain = async () => {
    try {
      await look();
    } catch (thrown) {
      if (view.state === "degraded") return;
      const reason = (thrown as LightmanoError).detail;
      log(reason);
      show({ state: "degraded", reason, last: view.state === "ready" ? view.now : view.last });
    }
  };
  let lookWanted = false;
  let lookUnderWay = false;
  /** However often it is told of a change: one look at a time, and one after the last. */
  const told = async () => {
    lookWanted = true;
    if (lookUnderWay) return;
    lookUnderWay = true;
    while (lookWanted) {
      lookWanted = false;
      await lookAgain();
    }
    lookUnderWay = false;
  };
  const command = (code: ErrorCode, what: string, commands: readonly string[], signal: AbortSignal) =>
    run([...commandPrefix, program], { code, signal, what, input: `${commands.join("\n")}\n` }).finally(
      lookAgain,
    );

  /** Takes away what an operation made before it failed; its signal may be the reason, so this has its own. */
  const undo = async (hostName: string) => {
    try {
      const signal = AbortSignal.timeout(UNDO_TIMEOUT_MS);
      await command("link.failed", `removing interface ${hostName}`, [removeCommand(hostName)], signal);
    } catch (thrown) {
      log(`what was half made stays: ${(thrown as Error).message}`);
    }
  };

  return {
    name: "link",
    watch(changed, signal) {
      begin(changed, signal);
      void (async () => {
        while (!signal.aborted) {
          await lookAgain();
          await clock.delay(untilInStep(pollMs), signal);
        }
      })();
      const argv = [...commandPrefix, ...monitor];
      monitorLinks({ argv, signal, clock, log, changed: () => void told() });
    },
    view: () => view,

    async createVeths(pairs, { signal }) {
      const ends = pairs.flatMap(({ hostName, peerName }) => [hostName, peerName]);
      for (const name of ends) checkedName(name, "link.failed");
      const what = `making the veth pair${pairs.length > 1 ? "s" : ""} ${ends.join(", ")}`;
      const names = await look();
      const isWhole = ({ hostName, peerName }: VethPair) => names.has(hostName) && names.has(peerName);
      const missing = pairs.filter((pair) => !isWhole(pair));
      // Half of another pair is in the way: the other end lies in some namespace, or bears another name.
      const inTheWay = missing
        .flatMap(({ hostName, peerName }) => [hostName, peerName])
        .filter((name) => names.has(name));
      const commands = pairs.flatMap((pair) =>
        isWhole(pair)
          ? [pair.hostName, pair.peerName].map(bridgePortCommand)
          : vethCommands(pair, steadyMac(nodeId, pair.hostName)),
      );
      try {
        await command("link.failed", what, [...inTheWay.map(removeCommand), ...commands], signal);
      } catch (thrown) {
        for (const { hostName } of missing) await undo(hostName);
        throw thrown;
      }
    },

    async remove(name, { signal }) {
      checkedName(name, "link.failed");
      if (!(await look()).has(name)) return;
      await command("link.failed", `removing interface ${name}`, [removeCommand(name)], signal);
    },

    async prepareNodePort(name, { signal }) {
      checkedName(name, "link.failed");
      if (!(await look()).has(name))
        throw new LightmanoError("link.failed", `there is no interface ${name} on this node`);
      await command("link.failed", `preparing node port ${name}`, nodePortCommands(name), signal);
    },

    async attachContainer(spec, { signal }) {
      const code = "container.attach-failed";
      const { hostName, name, pid } = spec;
      checkedName(hostName, code);
      checkedName(name, code);
      const what = `attaching ${hostName} to process ${pid} as ${name}`;
      const commands = attachCommands(spec, steadyMac(nodeId, hostName));
      // Of a container that ended just now the kernel may be taking it away itself, at the same time.
      const old = (await look()).has(hostName) ? [removeCommand(hostName)] : [];
      try {
        await command(code, what, [...old, ...commands], signal);
      } catch (thrown) {
        await undo(hostName);
        throw thrown;
      }
    },
  };
}
