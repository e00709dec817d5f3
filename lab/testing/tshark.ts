import { runOk } from "../command.js";

/**
 * What tshark, which nobody here wrote, reads in a capture: one row a packet that the display filter
 * lets through, one column a field. A field that occurs twice (ip.src outside and inside the tunnel)
 * gives "outer,inner".
 */
export async function readCapture(
  path: string,
  displayFilter: string,
  fields: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const wanted = fields.flatMap((field) => ["-e", field]);
  const argv = [
    "tshark",
    "-n",
    "-r",
    path,
    "-Y",
    displayFilter,
    "-T",
    "fields",
    "-E",
    "separator=|",
    ...wanted,
  ];
  const { stdout } = await runOk(argv, { timeoutMs: 120_000 });
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("|"));
}

/** GTP-U packets in a capture that carry something from or to this inner address and TCP port (any, when left out). */
export async function countTunnelled(path: string, ueAddress: string, tcpPort?: number): Promise<number> {
  const port = tcpPort === undefined ? "" : ` && tcp.port == ${tcpPort}`;
  return (await readCapture(path, `gtp && ip.addr == ${ueAddress}${port}`, ["frame.number"])).length;
}
