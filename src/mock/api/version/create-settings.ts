/**
 * The settings of a new container as each API version has them, from 1.42 to 1.51 (moby
 * api/server/router/container/container_routes.go, postContainersCreate). A version ignores what came after it, or says
 * that it does.
 */
import { badParameter, systemError } from "../../model/api-error.ts";
import type { ApiJson } from "../../model/api-json.ts";
import type { ApiVersion } from "../../model/api-version.ts";
import { parseAddress } from "../../model/subnet.ts";
import { omitMembers } from "./downgrade.ts";

export interface CreateSettings {
  readonly config: ApiJson;
  readonly hostConfig: ApiJson;
  /** `EndpointsConfig` of `NetworkingConfig`, by network. */
  readonly endpoints: Readonly<Record<string, ApiJson>>;
  readonly warnings: readonly string[];
}

type SentSettings = Omit<CreateSettings, "warnings">;

type Step = (api: ApiVersion, settings: CreateSettings) => CreateSettings;

const MAC_CONFLICT = "conflicting options: mac-address and the network mode";
const SYSCTLS = "com.docker.network.endpoint.sysctls";
const MAC_WARNING =
  "The container-wide MacAddress field is now deprecated. It should be specified in EndpointsConfig instead.";
const VOLUME_DRIVER_WARNING =
  "WARNING: the container-wide volume-driver configuration is ignored for volumes specified via 'mount'. Use '--mount type=volume,volume-driver=...' instead";

/** @throws ApiError 400 or 500 for settings that the version cannot have */
export function toVersionedSettings(api: ApiVersion, sent: SentSettings): CreateSettings {
  const steps: readonly Step[] = [
    warnOfImageMounts,
    nameDefaultNetwork,
    setOldDefaults,
    checkMountOptions,
    dropLaterSettings,
    checkEndpointCount,
    checkLaterMounts,
    warnOfVolumeDriver,
    moveMacAddress,
    moveSysctls,
  ];
  return steps.reduce<CreateSettings>((settings, step) => step(api, settings), { ...sent, warnings: [] });
}

/** The settings as dockerd 20.10 reads them. @throws ApiError 400 */
export function toOldSettings(api: ApiVersion, { config, hostConfig, endpoints }: SentSettings): CreateSettings {
  const settings = { config, hostConfig, endpoints, warnings: [] };
  if (config.MacAddress && !isPrivateNetwork(settings)) throw badParameter(MAC_CONFLICT);
  for (const { IPAMConfig } of Object.values(endpoints)) checkAddress(IPAMConfig?.IPv4Address ?? "");
  const { Healthcheck } = config;
  return {
    ...settings,
    config: Healthcheck == null ? config : { ...config, Healthcheck: omitMembers(Healthcheck, "StartInterval") },
    // Before 1.25 clients removed their containers themselves.
    hostConfig: { ...omitLaterMountOptions(hostConfig), ...(api.isBefore("1.25") ? { AutoRemove: false } : {}) },
    warnings: warnOfKernelMemory(hostConfig),
  };
}

const LATER_BIND_OPTIONS: readonly string[] = ["CreateMountpoint", "ReadOnlyNonRecursive", "ReadOnlyForceRecursive"];

function omitLaterMountOptions(hostConfig: ApiJson): ApiJson {
  const { Mounts } = hostConfig;
  if (!Array.isArray(Mounts)) return hostConfig;
  const omitLater = ({ VolumeOptions, BindOptions, ...mount }: ApiJson): ApiJson => ({
    ...mount,
    ...(BindOptions == null ? {} : { BindOptions: omitMembers(BindOptions, ...LATER_BIND_OPTIONS) }),
    ...(VolumeOptions == null ? {} : { VolumeOptions: omitMembers(VolumeOptions, "Subpath") }),
  });
  return { ...hostConfig, Mounts: Mounts.map(omitLater) };
}

function checkAddress(address: string): void {
  if (address !== "" && parseAddress(address) === undefined) throw badParameter(`invalid IPv4 address: ${address}`);
}

/** What dockerd 20.10 says to a limit of the kernel's memory (moby daemon/daemon_unix.go). */
export function warnOfKernelMemory({ KernelMemory = 0 }: ApiJson): string[] {
  if (!(KernelMemory > 0)) return [];
  return ["Specifying a kernel memory limit is deprecated and will be removed in a future release."];
}

function withHostConfig(settings: CreateSettings, changed: ApiJson): CreateSettings {
  return { ...settings, hostConfig: { ...settings.hostConfig, ...changed } };
}

function warnOfImageMounts(_: ApiVersion, settings: CreateSettings): CreateSettings {
  const mounts = (settings.hostConfig.Mounts as readonly ApiJson[] | null | undefined) ?? [];
  return mounts
    .filter(({ Type }) => Type === "image")
    .reduce<CreateSettings>((changed) => addWarning(changed, "Image mount is an experimental feature"), settings);
}

function nameDefaultNetwork(_: ApiVersion, settings: CreateSettings): CreateSettings {
  const { NetworkMode = "" } = settings.hostConfig;
  if (NetworkMode !== "" && NetworkMode !== "default") return settings;
  const { default: own, ...others } = settings.endpoints;
  const endpoints = own === undefined ? settings.endpoints : { ...others, bridge: own };
  return { ...withHostConfig(settings, { NetworkMode: "bridge" }), endpoints };
}

function setOldDefaults(api: ApiVersion, settings: CreateSettings): CreateSettings {
  const { IpcMode, CgroupnsMode } = settings.hostConfig;
  return withHostConfig(settings, {
    ...(api.isBefore("1.25") ? { AutoRemove: false } : {}),
    ...(api.isBefore("1.40") ? { IpcMode: IpcMode || "shareable" } : {}),
    ...(api.isBefore("1.41") ? { CgroupnsMode: CgroupnsMode || "host" } : {}),
  });
}

/** The options of a mount that belong to one type. */
const MOUNT_OPTIONS = { VolumeOptions: "volume", BindOptions: "bind", TmpfsOptions: "tmpfs" } as const;

/** Since 1.42 options of another type are an error. Before, the daemon ignored them. */
function checkMountOptions(api: ApiVersion, settings: CreateSettings): CreateSettings {
  const mounts = (settings.hostConfig.Mounts as readonly ApiJson[] | null | undefined) ?? [];
  const findForeign = (mount: ApiJson): string[] =>
    Object.entries(MOUNT_OPTIONS).flatMap(([name, type]) => (mount[name] != null && mount.Type !== type ? [name] : []));
  if (api.isBefore("1.42")) {
    const isDropped = (name: string): boolean => name !== "BindOptions";
    const Mounts = mounts.map((mount) => omitMembers(mount, ...findForeign(mount).filter(isDropped)));
    return mounts.length === 0 ? settings : withHostConfig(settings, { Mounts });
  }
  for (const mount of mounts) {
    const [foreign] = findForeign(mount);
    if (foreign !== undefined)
      throw badParameter(`${foreign} must not be specified on mount type ${JSON.stringify(mount.Type)}`);
  }
  return settings;
}

function dropLaterSettings(api: ApiVersion, settings: CreateSettings): CreateSettings {
  const { config, endpoints } = settings;
  const withoutPriority = Object.entries(endpoints).map(([name, one]) => [name, omitMembers(one ?? {}, "GwPriority")]);
  const changed = withHostConfig(settings, {
    ...(api.isBefore("1.42") ? { ConsoleSize: [0, 0] } : { KernelMemory: 0 }),
    ...(api.isBefore("1.43") ? { Annotations: undefined } : {}),
  });
  const hasInterval = config.Healthcheck?.StartInterval !== undefined && api.isBefore("1.44");
  const Healthcheck = hasInterval ? omitMembers(config.Healthcheck, "StartInterval") : config.Healthcheck;
  return {
    ...changed,
    config: Healthcheck === undefined ? config : { ...config, Healthcheck },
    endpoints: api.isBefore("1.48") ? Object.fromEntries(withoutPriority) : endpoints,
  };
}

function checkEndpointCount(api: ApiVersion, settings: CreateSettings): CreateSettings {
  const names = Object.keys(settings.endpoints);
  if (names.length <= 1 || !api.isBefore("1.44")) return settings;
  throw badParameter(`Container cannot be created with multiple network endpoints: ${names.join(", ")}`);
}

function checkLaterMounts(api: ApiVersion, settings: CreateSettings): CreateSettings {
  for (const { Type, BindOptions, VolumeOptions } of settings.hostConfig.Mounts ?? []) {
    if (api.isBefore("1.44") && Type === "bind" && BindOptions?.ReadOnlyForceRecursive === true) {
      throw badParameter("BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer");
    }
    if (api.isBefore("1.45") && VolumeOptions?.Subpath) {
      throw badParameter("VolumeOptions.Subpath needs API v1.45 or newer");
    }
    if (api.isBefore("1.48") && Type === "image") throw badParameter('Mount type "Image" needs API v1.48 or newer');
  }
  return settings;
}

function warnOfVolumeDriver(api: ApiVersion, settings: CreateSettings): CreateSettings {
  const { VolumeDriver = "", Mounts } = settings.hostConfig;
  if (VolumeDriver === "" || api.isBefore("1.48")) return settings;
  const isIgnored = ({ Type, VolumeOptions }: ApiJson): boolean =>
    Type === "volume" && !VolumeOptions?.DriverConfig?.Name;
  const isAnyIgnored = ((Mounts as readonly ApiJson[] | null | undefined) ?? []).some(isIgnored);
  return isAnyIgnored ? addWarning(settings, VOLUME_DRIVER_WARNING) : settings;
}

function addWarning(settings: CreateSettings, warning: string): CreateSettings {
  return { ...settings, warnings: [...settings.warnings, warning] };
}

/** Since 1.44 each endpoint has a MAC address of its own. The container's goes to its main network. */
function moveMacAddress(api: ApiVersion, settings: CreateSettings): CreateSettings {
  const { config, endpoints } = settings;
  const mac = config.MacAddress ?? "";
  const isOld = api.isBefore("1.44");
  if (mac === "" && !isOld) return settings;
  if (mac === "") {
    const withoutMac = Object.entries(endpoints).map(([name, one]) => [name, omitMembers(one ?? {}, "MacAddress")]);
    return { ...settings, endpoints: Object.fromEntries(withoutMac) };
  }
  const hasNetwork = isPrivateNetwork(settings);
  if (isOld && !hasNetwork) throw badParameter(MAC_CONFLICT);
  const moved = hasNetwork ? giveMacAddress(api, settings, mac) : settings;
  return isOld ? moved : addWarning({ ...moved, config: omitMembers(config, "MacAddress") }, MAC_WARNING);
}

function giveMacAddress(api: ApiVersion, settings: CreateSettings, mac: string): CreateSettings {
  const [name, endpoint] = findMainEndpoint(
    api,
    settings,
    "unable to migrate container-wide MAC address to a specific network: ",
  );
  const own = endpoint.MacAddress ?? "";
  if (own !== "" && own !== mac && !api.isBefore("1.44")) {
    throw badParameter(
      "the container-wide MAC address must match the endpoint-specific MAC address for the main network, or be left empty",
    );
  }
  return { ...settings, endpoints: { ...settings.endpoints, [name]: { ...endpoint, MacAddress: mac } } };
}

/** The bridge or a network that a client created. */
function isPrivateNetwork({ hostConfig: { NetworkMode } }: CreateSettings): boolean {
  return NetworkMode !== "host" && NetworkMode !== "none" && !String(NetworkMode).startsWith("container:");
}

/** @throws ApiError 400 if several endpoints leave open which is the main one */
function findMainEndpoint(api: ApiVersion, settings: CreateSettings, failed: string): readonly [string, ApiJson] {
  const { hostConfig, endpoints } = settings;
  const [first] = Object.entries(endpoints);
  if (first === undefined) return [hostConfig.NetworkMode, {}];
  if (api.isBefore("1.44")) return first;
  const own = endpoints[hostConfig.NetworkMode];
  if (own !== undefined) return [hostConfig.NetworkMode, own];
  throw badParameter(
    `${failed}HostConfig.NetworkMode must match the identity of a network in NetworkSettings.Networks`,
  );
}

/** Settings of `eth0` belong to its endpoint. Up to 1.47 the daemon moves them there. */
function moveSysctls(api: ApiVersion, settings: CreateSettings): CreateSettings {
  const { NetworkMode, Sysctls } = settings.hostConfig;
  if (NetworkMode === "host" || String(NetworkMode).startsWith("container:")) return settings;
  const ofEndpoints = Object.entries((Sysctls as Record<string, string> | null | undefined) ?? {}).flatMap(
    ([name, value]) => {
      const [, family, kind, device = "", rest] = /^net\.([^.]*)\.([^.]*)\.(eth[^.]*)\.(.*)$/s.exec(name) ?? [];
      return rest === undefined ? [] : [{ name, device, moved: `net.${family}.${kind}.IFNAME.${rest}=${value}` }];
    },
  );
  if (ofEndpoints.length === 0) return settings;
  for (const { name, device } of ofEndpoints) checkSysctl(api, name, device);
  const [network, endpoint] = findMainEndpoint(
    api,
    settings,
    `unable to find a network for sysctl ${ofEndpoints[0]?.name}: `,
  );
  const moved = ofEndpoints.map((one) => one.moved).join(",");
  const names = ofEndpoints.map(({ name }) => name);
  const own = endpoint.DriverOpts?.[SYSCTLS];
  const DriverOpts = { ...endpoint.DriverOpts, [SYSCTLS]: own === undefined ? moved : `${moved},${own}` };
  const rest = omitMembers(Sysctls, ...names);
  return addWarning(
    {
      ...withHostConfig(settings, { Sysctls: Object.keys(rest).length === 0 ? undefined : rest }),
      endpoints: { ...settings.endpoints, [network]: { ...endpoint, DriverOpts } },
    },
    `Migrated sysctl "${names.join(",")}" to DriverOpts{"${SYSCTLS}":"${moved}"}.`,
  );
}

function checkSysctl(api: ApiVersion, name: string, device: string): void {
  if (api.isAfter("1.47")) {
    throw systemError(
      `interface specific sysctl setting ${JSON.stringify(name)} must be supplied using driver option '${SYSCTLS}'`,
    );
  }
  if (device === "eth0") return;
  const remedy = `use driver option '${SYSCTLS}' to set per-interface sysctls`;
  throw systemError(`unable to determine network endpoint for sysctl ${name}, ${remedy}`);
}
