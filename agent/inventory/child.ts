/**
 * What the machine is, by systeminformation, as one line of JSON. A program of its own that ends at once:
 * the library costs 9 MB, starts programs of its own, and its network calls can block for seconds on a node
 * with many interfaces (they are not used; docs/adr/0002).
 */
import { blockDevices, cpu, mem, osInfo, system } from "systeminformation";
import type { Hardware } from "./hardware.js";

const [processor, memory, os, machine, disks] = await Promise.all([
  cpu(),
  mem(),
  osInfo(),
  system(),
  blockDevices(),
]);
const hardware: Hardware = {
  os: [os.distro, os.release].filter(Boolean).join(" "),
  kernel: os.kernel,
  architecture: os.arch,
  cpu: { model: `${processor.manufacturer} ${processor.brand}`.trim(), cores: processor.cores },
  memoryBytes: memory.total,
  system: { manufacturer: machine.manufacturer, model: machine.model, virtual: machine.virtual === true },
  disks: disks
    .filter(({ type }) => type === "disk")
    .map(({ name, physical, size }) => ({ name, kind: physical, sizeBytes: size })),
};
process.stdout.write(`${JSON.stringify(hardware)}\n`);
