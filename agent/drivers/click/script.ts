/** An LVNF image becomes a script that runs: the ports that the agent gives it are declared ahead of it (design §4.6). */
import type { LvnfTarget } from "../../domain/target.js";
import { withParameters } from "./parameters.js";

/** Packets that wait between the script and its interface when the interface is slower. */
const OUTPUT_QUEUE_PACKETS = 1024;

/** The whole script; `#line` makes Click's messages name the image's own file and lines. */
export function composeScript(target: LvnfTarget): string {
  const source = (device: string): string => `FromDevice(${device}, PROMISC true, SNIFFER true)`;
  return compose(
    target,
    target.script,
    [`// Ports of ${target.id}, declared by LightMANO for the run mode "userlevel".`],
    source,
  );
}

/** The same for the kernel, whose FromDevice always takes the packets away from Linux; parameters are in it. */
export function composeKernelScript(target: LvnfTarget, head: string): string {
  const { before, script } = withParameters(target.script, target.parameters);
  const source = (device: string): string => `FromDevice(${device}, PROMISC true)`;
  return compose(target, script, [head, ...(before === "" ? [] : [before])], source);
}

function compose(
  { ports, id }: LvnfTarget,
  script: string,
  head: readonly string[],
  source: (device: string) => string,
): string {
  // Only what the script names: Click refuses ports that nothing is connected to, and a sink sends nothing.
  const code = script.replace(/"(?:\\.|[^"\\])*"|\/\/.*|\/\*[\s\S]*?\*\//g, " ");
  const named = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(code);
  const declarations = ports.flatMap(({ functionDevice, point: { order } }) => [
    ...(named(`in${order}`) ? [`in${order} :: ${source(functionDevice)};`] : []),
    ...(named(`out${order}`)
      ? [`out${order} :: { input -> Queue(${OUTPUT_QUEUE_PACKETS}) -> ToDevice(${functionDevice}) };`]
      : []),
  ]);
  return [...head, ...declarations, `# 1 "${id}"`, script].join("\n");
}

/** `NAME=VALUE` arguments. A value is a Click configuration string as it stands: the descriptor quotes what it must. */
export function parameterArguments(parameters: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
}
