/** The settings of a container or an image (moby api/types/container/config.go). */
export interface Healthcheck {
  readonly Test?: readonly string[];
  /** Nanoseconds, like the other times. */
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  /** The interval during the start period, since API 1.44. */
  readonly StartInterval?: number;
  readonly Retries?: number;
}

export interface ContainerConfig {
  readonly Hostname: string;
  readonly Domainname: string;
  readonly User: string;
  readonly AttachStdin: boolean;
  readonly AttachStdout: boolean;
  readonly AttachStderr: boolean;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Tty: boolean;
  readonly OpenStdin: boolean;
  readonly StdinOnce: boolean;
  readonly Env: readonly string[] | null;
  readonly Cmd: readonly string[] | null;
  readonly Healthcheck?: Healthcheck;
  readonly ArgsEscaped?: boolean;
  readonly Image: string;
  readonly Volumes: Readonly<Record<string, object>> | null;
  readonly WorkingDir: string;
  readonly Entrypoint: readonly string[] | null;
  readonly NetworkDisabled?: boolean;
  readonly MacAddress?: string;
  readonly OnBuild: readonly string[] | null;
  readonly Labels: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  readonly StopTimeout?: number;
  readonly Shell?: readonly string[];
}

/** The settings in a request: any member may be missing, and a command may be one text. */
export type SentConfig = { readonly [K in keyof ContainerConfig]?: ContainerConfig[K] | string | null };

/** Completes the settings. The members have dockerd's order, and undefined ones are omitted. */
export function toContainerConfig(sent: SentConfig): ContainerConfig {
  return {
    Hostname: toText(sent.Hostname),
    Domainname: toText(sent.Domainname),
    User: toText(sent.User),
    AttachStdin: sent.AttachStdin === true,
    AttachStdout: sent.AttachStdout === true,
    AttachStderr: sent.AttachStderr === true,
    ...toMember("ExposedPorts", sent.ExposedPorts),
    Tty: sent.Tty === true,
    OpenStdin: sent.OpenStdin === true,
    StdinOnce: sent.StdinOnce === true,
    Env: toWords(sent.Env),
    Cmd: toWords(sent.Cmd),
    ...toMember("Healthcheck", toHealthcheck(sent.Healthcheck as Healthcheck | undefined)),
    ...(sent.ArgsEscaped === true ? { ArgsEscaped: true } : {}),
    Image: toText(sent.Image),
    Volumes: (sent.Volumes as ContainerConfig["Volumes"] | undefined) ?? null,
    WorkingDir: toText(sent.WorkingDir),
    Entrypoint: toWords(sent.Entrypoint),
    ...(sent.NetworkDisabled === true ? { NetworkDisabled: true } : {}),
    ...toMember("MacAddress", sent.MacAddress),
    OnBuild: toWords(sent.OnBuild),
    Labels: (sent.Labels as ContainerConfig["Labels"] | undefined) ?? {},
    ...toMember("StopSignal", sent.StopSignal),
    ...(typeof sent.StopTimeout === "number" ? { StopTimeout: sent.StopTimeout } : {}),
    ...toMember("Shell", sent.Shell),
  } as ContainerConfig;
}

/** Omits empty members, as Go's omitempty does. */
function toHealthcheck(sent: Healthcheck | null | undefined): Healthcheck | undefined {
  if (sent === null || sent === undefined) return undefined;
  const { Test, Interval, Timeout, StartPeriod, StartInterval, Retries } = sent;
  return {
    ...(Test == null || Test.length === 0 ? {} : { Test }),
    ...(Interval ? { Interval } : {}),
    ...(Timeout ? { Timeout } : {}),
    ...(StartPeriod ? { StartPeriod } : {}),
    ...(StartInterval ? { StartInterval } : {}),
    ...(Retries ? { Retries } : {}),
  };
}

function toMember(name: string, value: unknown): object {
  const isEmpty = value == null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
  return isEmpty && name !== "Healthcheck" ? {} : value == null ? {} : { [name]: value };
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** One text stands for a list of one (moby api/types/strslice). */
function toWords(value: unknown): readonly string[] | null {
  if (value == null) return null;
  return typeof value === "string" ? [value] : (value as readonly string[]);
}

/** Completes a container's settings with its image's (moby daemon/commit.go, merge). */
export function mergeConfig(own: ContainerConfig, image: ContainerConfig): ContainerConfig {
  const ownNames = new Set((own.Env ?? []).map((pair) => pair.split("=")[0]));
  const inheritedEnv = (image.Env ?? []).filter((pair) => !ownNames.has(pair.split("=")[0]));
  const hasEntrypoint = (own.Entrypoint ?? []).length > 0;
  // A container with its own entrypoint does not inherit the image's command.
  const cmd = own.Cmd === null || own.Cmd.length === 0 ? (hasEntrypoint ? own.Cmd : image.Cmd) : own.Cmd;
  const isCleared = hasEntrypoint && own.Entrypoint?.length === 1 && own.Entrypoint[0] === "";
  const merged: SentConfig = {
    ...own,
    User: own.User || image.User,
    ExposedPorts: { ...image.ExposedPorts, ...own.ExposedPorts },
    Env: inheritedEnv.length + ownNames.size === 0 ? own.Env : [...(own.Env ?? []), ...inheritedEnv],
    Cmd: cmd,
    Entrypoint: isCleared ? null : (own.Entrypoint ?? image.Entrypoint),
    Healthcheck: mergeHealthcheck(own.Healthcheck, image.Healthcheck),
    WorkingDir: own.WorkingDir || image.WorkingDir,
    Volumes: isEmpty(own.Volumes) ? image.Volumes : { ...image.Volumes, ...own.Volumes },
    Labels: { ...image.Labels, ...own.Labels },
    StopSignal: own.StopSignal ?? image.StopSignal,
  } as SentConfig;
  return toContainerConfig(merged);
}

function isEmpty(map: object | null): boolean {
  return Object.keys(map ?? {}).length === 0;
}

function mergeHealthcheck(own: Healthcheck | undefined, image: Healthcheck | undefined): Healthcheck | undefined {
  if (own === undefined || image === undefined) return own ?? image;
  return { ...image, ...own };
}
