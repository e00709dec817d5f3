/** The edge node's own dockerd and containerd, in its namespace, with nothing of the host's. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Artifacts } from "./artifacts.js";
import type { LabContext } from "./context.js";
import { engineAnswers, imageExists, importImage } from "./engine-api.js";
import { ensureProcess, findProcess, stopProcess, waitReady } from "./processes.js";

export const CONTAINERD_PROCESS = "containerd";
export const DOCKERD_PROCESS = "dockerd";
export const SQUID_IMAGE = { name: "lightmano/squid", tag: "1" } as const;

const SQUID_CHANGES = [
  // Squid opens /dev/stdout for its access log, which only the container's own user may.
  "USER proxy",
  'CMD ["/usr/sbin/squid","-N","-f","/etc/squid/squid.conf"]',
  "EXPOSE 3128 3129",
];

/** Parent of all the containers' cgroups, so that `down` can take away what a crash leaves. */
export function cgroupParent(lab: LabContext): string {
  return `/lightmano-lab-${lab.prefix}`;
}

export async function ensureDocker(lab: LabContext): Promise<boolean> {
  const { runDir, stateDir, dockerSocket, containerdSocket } = lab.paths;
  await mkdir(stateDir, { recursive: true, mode: 0o710 });
  const containerdConfig = join(runDir, "containerd.toml");
  const dockerdConfig = join(runDir, "dockerd.json");
  await writeFile(containerdConfig, containerdToml(lab));
  // An own, empty file: /etc/docker/daemon.json is about the host's dockerd.
  await writeFile(dockerdConfig, "{}\n");

  // Started by us rather than by dockerd, which would take the host's containerd if one runs.
  const containerd = await ensureProcess(lab, {
    name: CONTAINERD_PROCESS,
    ns: "edge",
    argv: ["containerd", "--config", containerdConfig],
  });
  const dockerd = await ensureProcess(lab, {
    name: DOCKERD_PROCESS,
    ns: "edge",
    argv: [
      "dockerd",
      ...["--config-file", dockerdConfig],
      ...["--host", `unix://${dockerSocket}`],
      ...["--containerd", containerdSocket],
      ...["--data-root", join(stateDir, "docker")],
      ...["--exec-root", join(runDir, "docker")],
      ...["--pidfile", join(runDir, "dockerd.pid")],
      ...["--cgroup-parent", cgroupParent(lab)],
      "--bridge=none",
      "--iptables=false",
      "--ip6tables=false",
      "--ip-masq=false",
    ],
  });
  await waitReady(lab, dockerd, "dockerd answers", () => engineAnswers(dockerSocket), 30_000);
  return containerd.started || dockerd.started;
}

export async function ensureSquidImage(lab: LabContext, artifacts: Artifacts): Promise<boolean> {
  const { name, tag } = SQUID_IMAGE;
  if (await imageExists(lab.paths.dockerSocket, `${name}:${tag}`)) return false;
  const source = { name, tag, tarPath: artifacts.squidTar, changes: SQUID_CHANGES };
  await importImage(lab.paths.dockerSocket, source, lab.signal);
  return true;
}

/** A tidy stop: dockerd takes its containers down, unless they are slow. */
export async function stopDocker(lab: LabContext): Promise<void> {
  await stopProcess(lab, DOCKERD_PROCESS, { graceMs: 8000 });
  await stopProcess(lab, CONTAINERD_PROCESS);
}

/** SIGKILL to dockerd alone: its containers go on, as they do after a crash. */
export async function killDockerd(lab: LabContext): Promise<boolean> {
  return stopProcess(lab, DOCKERD_PROCESS, { signal: "SIGKILL" });
}

export async function isDockerRunning(lab: LabContext): Promise<boolean> {
  return (await findProcess(lab, DOCKERD_PROCESS)) !== undefined && engineAnswers(lab.paths.dockerSocket);
}

function containerdToml(lab: LabContext): string {
  // The snapshotters that dockerd's overlay2 does not use only look for kernel features and complain.
  const unused = ["grpc.v1.cri", "snapshotter.v1.aufs", "snapshotter.v1.btrfs", "snapshotter.v1.zfs"];
  return [
    "version = 2",
    `root = ${JSON.stringify(join(lab.paths.stateDir, "containerd"))}`,
    `state = ${JSON.stringify(join(lab.paths.runDir, "containerd"))}`,
    `disabled_plugins = ${JSON.stringify(unused.map((name) => `io.containerd.${name}`))}`,
    "[grpc]",
    `  address = ${JSON.stringify(lab.paths.containerdSocket)}`,
    "",
  ].join("\n");
}
