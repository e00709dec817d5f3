/** What the EPC itself says about its sessions: the oracle for tests of TEIDs and UE addresses. */
import { spawn } from "node:child_process";
import { environment } from "./command.js";
import { inNamespace, type LabContext } from "./context.js";

/** A UE's session, as the EPC knows it. */
export interface PdpContext {
  readonly imsi: string;
  readonly ueAddress: string;
  readonly enbAddress: string;
  /** In G-PDUs towards the EPC: the EPC's own endpoint. */
  readonly uplinkTeid: number;
  /** In G-PDUs towards the eNodeB. */
  readonly downlinkTeid: number;
}

const PROMPT = "OsmoGGSN> ";

/** All sessions. Empty when the EPC does not answer within `timeoutMs`. */
export async function pdpContexts(lab: LabContext, timeoutMs = 2000): Promise<readonly PdpContext[]> {
  return parsePdpContexts(await askConsole(lab, "show pdp-context ggsn ggsn0", timeoutMs));
}

/** Reads the answer to `show pdp-context`; TEIDs are hexadecimal there, the EPC's own end comes first. */
export function parsePdpContexts(text: string): readonly PdpContext[] {
  return text
    .split(/(?=IMSI: )/)
    .slice(1)
    .flatMap((block) => {
      const data = /Data: [\d.]+:([0-9a-f]+) <-> ([\d.]+):([0-9a-f]+)/i.exec(block);
      const imsi = /IMSI: (\d+)/.exec(block)?.[1];
      const ueAddress = /End-User Address \(IPv4\): ([\d.]+)/.exec(block)?.[1];
      if (data === null || imsi === undefined || ueAddress === undefined) return [];
      const [, uplinkTeid = "", enbAddress = "", downlinkTeid = ""] = data;
      return {
        imsi,
        ueAddress,
        enbAddress,
        uplinkTeid: Number.parseInt(uplinkTeid, 16),
        downlinkTeid: Number.parseInt(downlinkTeid, 16),
      };
    });
}

/** The console is a telnet that drops what comes before its prompt, so this waits for it as a person would. */
function askConsole(lab: LabContext, question: string, timeoutMs: number): Promise<string> {
  const [program, ...args] = inNamespace(lab, "epc", ["busybox", "nc", "127.0.0.1", "4260"]);
  return new Promise((resolve) => {
    const child = spawn(program ?? "nsenter", args, {
      env: environment(),
      stdio: ["pipe", "pipe", "ignore"],
    });
    let text = "";
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    child.stdin.on("error", () => undefined);
    child.on("error", () => undefined);
    child.stdout.on("data", (chunk: Buffer) => {
      const prompts = text.split(PROMPT).length;
      text += chunk.toString("latin1");
      const now = text.split(PROMPT).length;
      if (prompts === 1 && now === 2) child.stdin.write(`${question}\r\n`);
      if (now > 2) child.kill("SIGKILL");
    });
    child.on("close", () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}
