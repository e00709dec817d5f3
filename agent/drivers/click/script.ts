/** An LVNF image becomes a script that runs: the ports that the agent gives it are declared ahead of it (design §4.6). */
import type { LvnfTarget } from "../../domain/target.js";

/** Packets that wait between the script and its interface when the interface is slower. */
const OUTPUT_QUEUE_PACKETS = 1024;

/** The whole script; `#line` makes Click's messages name the image's own file and lines. */
export function composeScript({ script, ports, id }: LvnfTarget): string {
  // Only what the script names: Click refuses ports that nothing is connected to, and a sink sends nothing.
  const code = script.replace(/"(?:\\.|[^"\\])*"|\/\/.*|\/\*[\s\S]*?\*\//g, " ");
  const named = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(code);
  const declarations = ports.flatMap(({ functionDevice, point: { order } }) => [
    ...(named(`in${order}`)
      ? [`in${order} :: FromDevice(${functionDevice}, PROMISC true, SNIFFER true);`]
      : []),
    ...(named(`out${order}`)
      ? [`out${order} :: { input -> Queue(${OUTPUT_QUEUE_PACKETS}) -> ToDevice(${functionDevice}) };`]
      : []),
  ]);
  return [
    `// Ports of ${id}, declared by LightMANO for the run mode "userlevel".`,
    ...declarations,
    `# 1 "${id}"`,
    script,
  ].join("\n");
}

/** `NAME=VALUE` arguments. A value is a Click configuration string as it stands: the descriptor quotes what it must. */
export function parameterArguments(parameters: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
}
