import { badParameter } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import { isOlderEngine } from "../../../model/engine-release.ts";
import type { HostConfig } from "../../../model/host-config.ts";
import { checkMemory, checkMemoryUpdate } from "../../../operations/lifecycle/check-resources.ts";
import { checkRestartPolicy } from "../../../operations/lifecycle/check-settings.ts";
import type { ApiRequest } from "../../http/request.ts";
import { jsonResponse } from "../../http/response.ts";
import { warnOfKernelMemory } from "../../version/create-settings.ts";
import { omitMembers } from "../../version/downgrade.ts";
import type { Endpoint } from "../endpoint.ts";
import { toGoBody } from "../read-json-body.ts";

/** The settings that an update may change (moby api/types/container, UpdateConfig). */
const CHANGEABLE =
  "BlkioWeight CpuShares CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime CpusetCpus CpusetMems Memory MemorySwap MemoryReservation KernelMemory NanoCpus PidsLimit".split(
    " ",
  );

/** dockerd 28 takes an empty body for no change. Since 1.42 there is no kernel memory. */
async function readUpdate(request: ApiRequest): Promise<ApiJson> {
  const isOld = isOlderEngine(request.release, "28");
  const body = isOld ? await request.readJson() : await request.readOptionalJson();
  const sent = toGoBody(request, "ContainerUpdate", body ?? {}) ?? {};
  if (isOld) return sent;
  return request.api.isBefore("1.42") ? sent : omitMembers(sent, "KernelMemory");
}

export const containerUpdate: Endpoint = {
  operation: "ContainerUpdate",
  respond: async (request, engine) => {
    const sent = await readUpdate(request);
    const container = engine.containers.find(request.name);
    const policy = sent.RestartPolicy as HostConfig["RestartPolicy"] | undefined;
    if (policy !== undefined) checkRestartPolicy(policy);
    checkMemory(sent.Memory ?? 0);
    if (container.hostConfig.AutoRemove && policy !== undefined && !["", "no"].includes(policy.Name)) {
      throw badParameter("Restart policy cannot be updated because AutoRemove is enabled for the container");
    }
    checkMemoryUpdate(container, sent);
    const changed = CHANGEABLE.filter((name) => sent[name]).map((name) => [name, sent[name]] as const);
    const named =
      policy === undefined || policy.Name === ""
        ? {}
        : { RestartPolicy: { ...policy, MaximumRetryCount: policy.MaximumRetryCount ?? 0 } };
    engine.containers.put({
      ...container,
      hostConfig: { ...container.hostConfig, ...Object.fromEntries(changed), ...named },
    });
    emitContainerEvent(engine, container, "update");
    const warnings = isOlderEngine(request.release, "28") ? warnOfKernelMemory(sent) : [];
    return jsonResponse({ Warnings: warnings.length === 0 ? null : warnings });
  },
};
