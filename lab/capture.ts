import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { LabContext } from "./context.js";
import { endProcess, logHas, logTail, startProcess, stopProcess, waitReady } from "./processes.js";
import type { Namespace } from "./topology.js";

export interface Capture {
  readonly path: string;
  /** Ends the capture with everything it saw on disk; resolves with the path. Safe to call twice. */
  stop(): Promise<string>;
  /** What tcpdump said at its end: packets captured, received, dropped by the kernel. */
  summary(): Promise<string>;
}

/**
 * Records packets of an interface with tcpdump; resolves once it listens. The file lies in the lab's
 * run folder and goes with `down`.
 */
export async function startCapture(
  lab: LabContext,
  ns: Namespace,
  iface: string,
  filter = "",
): Promise<Capture> {
  await mkdir(lab.paths.captureDir, { recursive: true });
  const name = `capture-${ns}-${iface}-${randomUUID().slice(0, 8)}`;
  const path = join(lab.paths.captureDir, `${name}.pcap`);
  // Immediate mode: otherwise the kernel holds packets back, and those it holds at the end are lost.
  const options = ["-n", "-U", "--immediate-mode", "-s", "0", "-B", "8192", "-Z", "root"];
  const argv = ["tcpdump", ...options, "-i", iface, "-w", path, ...(filter === "" ? [] : [filter])];
  const record = await startProcess(lab, { name, ns, argv });
  await waitReady(lab, record, `tcpdump listens on ${iface}`, () => logHas(record, "listening on"));
  return {
    path,
    async stop() {
      await endProcess(record, { signal: "SIGINT" });
      await stopProcess(lab, name);
      return path;
    },
    summary: () => logTail(record.logPath, 3),
  };
}
