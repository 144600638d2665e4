/** What a container is made from, as clients send it and the daemon tells it (moby api/types/container/config.go). */
export interface Healthcheck {
  readonly Test?: readonly string[];
  /** Nanoseconds, as are the other times. */
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
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

/** As a client may send it: anything left out, and a command as one word. */
export type SentConfig = { readonly [K in keyof ContainerConfig]?: ContainerConfig[K] | string | null };

/** All members in the order in which they are told; undefined is left out. */
export function configOf(sent: SentConfig): ContainerConfig {
  return {
    Hostname: text(sent.Hostname),
    Domainname: text(sent.Domainname),
    User: text(sent.User),
    AttachStdin: sent.AttachStdin === true,
    AttachStdout: sent.AttachStdout === true,
    AttachStderr: sent.AttachStderr === true,
    ...filled("ExposedPorts", sent.ExposedPorts),
    Tty: sent.Tty === true,
    OpenStdin: sent.OpenStdin === true,
    StdinOnce: sent.StdinOnce === true,
    Env: words(sent.Env),
    Cmd: words(sent.Cmd),
    ...filled("Healthcheck", healthcheckOf(sent.Healthcheck as Healthcheck | undefined)),
    ...(sent.ArgsEscaped === true ? { ArgsEscaped: true } : {}),
    Image: text(sent.Image),
    Volumes: (sent.Volumes as ContainerConfig["Volumes"] | undefined) ?? null,
    WorkingDir: text(sent.WorkingDir),
    Entrypoint: words(sent.Entrypoint),
    ...(sent.NetworkDisabled === true ? { NetworkDisabled: true } : {}),
    ...filled("MacAddress", sent.MacAddress),
    OnBuild: words(sent.OnBuild),
    Labels: (sent.Labels as ContainerConfig["Labels"] | undefined) ?? {},
    ...filled("StopSignal", sent.StopSignal),
    ...(typeof sent.StopTimeout === "number" ? { StopTimeout: sent.StopTimeout } : {}),
    ...filled("Shell", sent.Shell),
  } as ContainerConfig;
}

/** Go's omitempty, member by member. */
function healthcheckOf(sent: Healthcheck | null | undefined): Healthcheck | undefined {
  if (sent === null || sent === undefined) return undefined;
  const { Test, Interval, Timeout, StartPeriod, Retries } = sent;
  return {
    ...(Test == null || Test.length === 0 ? {} : { Test }),
    ...(Interval ? { Interval } : {}),
    ...(Timeout ? { Timeout } : {}),
    ...(StartPeriod ? { StartPeriod } : {}),
    ...(Retries ? { Retries } : {}),
  };
}

function filled(name: string, value: unknown): object {
  const isEmpty = value == null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
  return isEmpty && name !== "Healthcheck" ? {} : value == null ? {} : { [name]: value };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** One word stands for a list of one (moby api/types/strslice). */
function words(value: unknown): readonly string[] | null {
  if (value == null) return null;
  return typeof value === "string" ? [value] : (value as readonly string[]);
}

/** The image's settings where the container has none of its own (moby daemon/commit.go, merge). */
export function mergedConfig(own: ContainerConfig, image: ContainerConfig): ContainerConfig {
  const named = new Set((own.Env ?? []).map((pair) => pair.split("=")[0]));
  const inherited = (image.Env ?? []).filter((pair) => !named.has(pair.split("=")[0]));
  const hasEntrypoint = (own.Entrypoint ?? []).length > 0;
  // An entrypoint of its own makes the image's command none of its business.
  const cmd = own.Cmd === null || own.Cmd.length === 0 ? (hasEntrypoint ? own.Cmd : image.Cmd) : own.Cmd;
  const cleared = hasEntrypoint && own.Entrypoint?.length === 1 && own.Entrypoint[0] === "";
  const merged: SentConfig = {
    ...own,
    User: own.User || image.User,
    ExposedPorts: { ...image.ExposedPorts, ...own.ExposedPorts },
    Env: inherited.length + named.size === 0 ? own.Env : [...(own.Env ?? []), ...inherited],
    Cmd: cmd,
    Entrypoint: cleared ? null : hasEntrypoint ? own.Entrypoint : image.Entrypoint,
    Healthcheck: mergedHealthcheck(own.Healthcheck, image.Healthcheck),
    WorkingDir: own.WorkingDir || image.WorkingDir,
    Volumes: isEmpty(own.Volumes) ? image.Volumes : { ...image.Volumes, ...own.Volumes },
    Labels: { ...image.Labels, ...own.Labels },
    StopSignal: own.StopSignal ?? image.StopSignal,
  } as SentConfig;
  return configOf(merged);
}

function isEmpty(map: object | null): boolean {
  return Object.keys(map ?? {}).length === 0;
}

function mergedHealthcheck(own: Healthcheck | undefined, image: Healthcheck | undefined): Healthcheck | undefined {
  if (own === undefined || image === undefined) return own ?? image;
  return { ...image, ...own };
}
