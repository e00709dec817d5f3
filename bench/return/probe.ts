/**
 * Loaded into the controller's process before it (`node --import`): counts the connections that its broker accepts and
 * the bytes that go over them, and how long its event loop is held up.
 */
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Probed, ToProbe } from "./wire.js";

const mqttPort = Number(process.env.LIGHTMANO_PROBED_PORT);
const now = (): number => performance.timeOrigin + performance.now();
const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();
const accepts: number[] = [];
const open = new Set<Socket>();
/** Of connections that have ended. */
let carried = 0;
const bytesOf = ({ bytesRead, bytesWritten }: Socket): number => bytesRead + bytesWritten;
/** The controller's own connection to its broker is no node's. */
const ownPorts = new Set<number | undefined>();

subscribe("net.client.socket", (message) => {
  const { socket } = message as { readonly socket: Socket };
  socket.once("connect", () => ownPorts.add(socket.localPort));
});
subscribe("net.server.socket", (message) => {
  const { socket } = message as { readonly socket: Socket };
  if (socket.localPort !== mqttPort) return;
  if (accepts.length === 0) delays.reset();
  accepts.push(now());
  open.add(socket);
  socket.once("close", () => {
    open.delete(socket);
    if (!ownPorts.has(socket.remotePort)) carried += bytesOf(socket);
  });
});

process.on("message", (message: ToProbe) => {
  if (message.do !== "tell") return;
  const { user, system } = process.cpuUsage();
  const nodes = [...open].filter(({ remotePort }) => !ownPorts.has(remotePort));
  const probed: Probed = {
    accepts,
    bytes: carried + nodes.reduce((sum, socket) => sum + bytesOf(socket), 0),
    cpuMs: (user + system) / 1000,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    longestDelayMs: delays.max / 1e6,
  };
  process.send?.(probed);
});
