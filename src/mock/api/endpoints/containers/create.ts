import { badParameter, systemError } from "../../../model/api-error.ts";
import type { ApiVersion } from "../../../model/api-version.ts";
import type { SentConfig } from "../../../model/container-config.ts";
import type { Shape } from "../../../model/shapes.ts";
import { createContainer, type NameRule, type Wanted } from "../../../operations/lifecycle/create.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";
import { oldWish } from "./old-settings.ts";

type Sent = SentConfig & {
  readonly HostConfig?: Shape;
  readonly NetworkingConfig?: { readonly EndpointsConfig?: Record<string, Shape> };
};

/** As the document of 1.9 has it. */
const OLD_NAMES: NameRule = { fits: /^[a-zA-Z0-9_-]+$/, allowed: "[a-zA-Z0-9_-]" };

export const containerCreate: Endpoint = {
  operation: "ContainerCreate",
  answer: async (request, engine) => {
    const sent = await request.json<Sent | null>();
    checkTypes(sent);
    if (sent === null || Object.keys(sent).length === 0) {
      throw badParameter("Config cannot be empty in order to create a container");
    }
    const { id } = createContainer(engine, request.query.text("name"), wantedOf(request.api, sent));
    return json({ Id: id, Warnings: [] }, 201);
  },
};

function wantedOf(api: ApiVersion, sent: Sent): Wanted {
  if (api.isBygone) return { ...oldWish(sent), endpoints: {}, names: OLD_NAMES };
  const { HostConfig, NetworkingConfig, ...config } = sent;
  const hostConfig = withoutLater(api, hostConfigIn(sent));
  return { config, hostConfig, endpoints: NetworkingConfig?.EndpointsConfig ?? {} };
}

/** Only where a client says anything of the host, its runtime is settled at once. */
function hostConfigIn(sent: Sent): Shape {
  const { HostConfig } = sent;
  if (HostConfig === undefined || HostConfig === null) return oldPlaces(sent);
  return { ...oldPlaces(sent), ...HostConfig, Runtime: HostConfig.Runtime || "runc" };
}

/** What a client of this version cannot have meant: the daemon removes containers by itself since 1.25. */
function withoutLater(api: ApiVersion, hostConfig: Shape): Shape {
  return api.isBefore("1.25") ? { ...hostConfig, AutoRemove: false } : hostConfig;
}

/** Up to 1.18 memory and its kin stood in the configuration itself (runconfig/config.go, ContainerConfigWrapper). */
function oldPlaces(sent: Shape): Shape {
  const { Memory, MemorySwap, CpuShares, Cpuset, HostConfig } = sent;
  const moved = { Memory, MemorySwap, CpuShares, CpusetCpus: Cpuset ?? HostConfig?.Cpuset };
  return Object.fromEntries(Object.entries(moved).filter(([, value]) => value !== undefined));
}

/** What Go's decoder would not put into a string. */
function checkTypes(sent: unknown): void {
  if (Array.isArray(sent)) {
    throw systemError("json: cannot unmarshal array into Go value of type runconfig.ContainerConfigWrapper");
  }
  if (typeof sent !== "object" || sent === null) return;
  for (const [name, value] of Object.entries(sent)) {
    if (!TEXTS.has(name) || typeof value === "string" || value === null) continue;
    const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    throw systemError(
      `json: cannot unmarshal ${found} into Go struct field ContainerConfigWrapper.${name} of type string`,
    );
  }
}

const TEXTS: ReadonlySet<string> = new Set([
  "Image",
  "Hostname",
  "Domainname",
  "User",
  "WorkingDir",
  "StopSignal",
  "MacAddress",
]);
