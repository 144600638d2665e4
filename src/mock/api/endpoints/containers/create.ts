import { badParameter } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import type { SentConfig } from "../../../model/container-config.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import type { NameRule } from "../../../operations/lifecycle/check-name.ts";
import { type CreateRequest, createContainer } from "../../../operations/lifecycle/create-container.ts";
import type { ApiRequest } from "../../http/request.ts";
import { jsonResponse } from "../../http/response.ts";
import { type CreateSettings, toOldSettings, toVersionedSettings } from "../../version/create-settings.ts";
import { readLegacyCreateBody } from "../../version/legacy-settings.ts";
import type { Endpoint } from "../endpoint.ts";
import { toGoBody } from "../read-json-body.ts";

type CreateBody = SentConfig & {
  readonly HostConfig?: ApiJson;
  readonly NetworkingConfig?: { readonly EndpointsConfig?: Record<string, ApiJson> };
};

/** From the document of 1.9. */
const LEGACY_NAMES: NameRule = { pattern: /^[a-zA-Z0-9_-]+$/, allowed: "[a-zA-Z0-9_-]" };

export const containerCreate: Endpoint = {
  operation: "ContainerCreate",
  respond: async (request, engine) => {
    const body = await request.readJson<object | null>();
    const sent = toGoBody(request, "ContainerCreate", body) as CreateBody | null;
    if (sent === null || Object.keys(body ?? {}).length === 0) {
      throw badParameter("Config cannot be empty in order to create a container");
    }
    const { warnings, ...settings } = toCreateRequest(request, sent);
    const { id } = createContainer(engine, request.query.get("name"), settings);
    return jsonResponse({ Id: id, Warnings: warnings }, 201);
  },
};

function toCreateRequest(
  { api, release }: ApiRequest,
  sent: CreateBody,
): CreateRequest & Pick<CreateSettings, "warnings"> {
  if (api.isLegacy) return { ...readLegacyCreateBody(sent), endpoints: {}, names: LEGACY_NAMES, warnings: [] };
  const { HostConfig, NetworkingConfig, ...config } = sent;
  const settings = { config, hostConfig: readHostConfig(sent), endpoints: NetworkingConfig?.EndpointsConfig ?? {} };
  if (!isOlderEngine(release, "28")) return toVersionedSettings(api, settings);
  return toOldSettings(api, settings);
}

/** moby sets the runtime at creation only if the client sends a `HostConfig`. */
function readHostConfig(sent: CreateBody): ApiJson {
  const { HostConfig } = sent;
  if (HostConfig === undefined || HostConfig === null) return readMovedSettings(sent);
  return { ...readMovedSettings(sent), ...HostConfig, Runtime: HostConfig.Runtime || "runc" };
}

/** Up to 1.18 limits of memory and CPU were in the configuration (moby runconfig/config.go, ContainerConfigWrapper). */
function readMovedSettings(sent: ApiJson): ApiJson {
  const { Memory, MemorySwap, CpuShares, Cpuset, HostConfig } = sent;
  const moved = { Memory, MemorySwap, CpuShares, CpusetCpus: Cpuset ?? HostConfig?.Cpuset };
  return Object.fromEntries(Object.entries(moved).filter(([, value]) => value !== undefined));
}
