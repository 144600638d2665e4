import type { ApiJson } from "../../model/api-json.ts";

/** The configuration of a container or an image in the document of 1.9: it has some host settings and no labels. */
export function toLegacyConfig(config: ApiJson, host: ApiJson = {}): ApiJson {
  const { Hostname, Domainname, User, AttachStdin, AttachStdout, AttachStderr, Tty, OpenStdin, StdinOnce } = config;
  const { Env, Cmd, Image, Volumes, WorkingDir, Entrypoint, OnBuild } = config;
  return {
    Hostname,
    Domainname,
    User,
    Memory: host.Memory ?? 0,
    MemorySwap: host.MemorySwap ?? 0,
    CpuShares: host.CpuShares ?? 0,
    AttachStdin,
    AttachStdout,
    AttachStderr,
    PortSpecs: null,
    ExposedPorts: config.ExposedPorts ?? null,
    Tty,
    OpenStdin,
    StdinOnce,
    Env,
    Cmd,
    Dns: host.Dns ?? null,
    Image,
    Volumes,
    VolumesFrom: (host.VolumesFrom ?? []).join(","),
    WorkingDir,
    Entrypoint,
    NetworkDisabled: config.NetworkDisabled ?? false,
    OnBuild,
  };
}
