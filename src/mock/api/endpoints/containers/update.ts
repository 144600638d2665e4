import { badParameter } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import { emitContainerEvent } from "../../../model/emit-events.ts";
import type { HostConfig } from "../../../model/host-config.ts";
import { checkMemory } from "../../../operations/lifecycle/check-resources.ts";
import { checkRestartPolicy } from "../../../operations/lifecycle/check-settings.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

/** The settings that an update may change (moby api/types/container, UpdateConfig). */
const CHANGEABLE =
  "BlkioWeight CpuShares CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime CpusetCpus CpusetMems Memory MemorySwap MemoryReservation KernelMemory NanoCpus PidsLimit".split(
    " ",
  );

export const containerUpdate: Endpoint = {
  operation: "ContainerUpdate",
  respond: async (request, engine) => {
    const sent = await request.readJson<ApiJson>();
    const container = engine.containers.find(request.name);
    const policy = sent.RestartPolicy as HostConfig["RestartPolicy"] | undefined;
    if (policy !== undefined) checkRestartPolicy(policy);
    checkMemory(sent.Memory ?? 0);
    if (container.hostConfig.AutoRemove && policy !== undefined && !["", "no"].includes(policy.Name)) {
      throw badParameter("Restart policy cannot be updated because AutoRemove is enabled for the container");
    }
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
    return jsonResponse({ Warnings: null });
  },
};
