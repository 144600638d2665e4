/** Endpoints that change one container and answer without a body. */

import { ApiError, badParameter } from "../../../model/api-error.ts";
import type { ApiJson } from "../../../model/api-json.ts";
import type { ApiVersion } from "../../../model/api-version.ts";
import type { Container } from "../../../model/container.ts";
import type { Engine } from "../../../operations/engine.ts";
import { applyLegacyStartConfig } from "../../../operations/lifecycle/legacy-start-config.ts";
import { startContainer } from "../../../operations/lifecycle/start-container.ts";
import {
  killContainer,
  pauseContainer,
  restartContainer,
  type StopOptions,
  stopContainer,
  unpauseContainer,
} from "../../../operations/lifecycle/stop-container.ts";
import type { QueryParameters } from "../../http/query.ts";
import type { ApiRequest } from "../../http/request.ts";
import { noContent } from "../../http/response.ts";
import { mergeLegacyHostConfig, readStartHostConfig } from "../../version/legacy-settings.ts";
import type { Endpoint } from "../endpoint.ts";

function defineAction(
  operation: string,
  act: (id: string, request: ApiRequest, engine: Engine) => void | Promise<void>,
): Endpoint {
  return {
    operation,
    respond: async (request, engine) => {
      await act(engine.containers.find(request.name).id, request, engine);
      return noContent();
    },
  };
}

/** From API 1.3 to 1.23 a client could send a `HostConfig` with the start. */
export const containerStart: Endpoint = {
  operation: "ContainerStart",
  respond: async (request, engine) => {
    const { api } = request;
    if (!api.isBefore("1.24")) await checkStartBody(request);
    const container = engine.containers.find(request.name);
    const takesSettings = !api.isBefore("1.3") && api.isBefore("1.24");
    const sent = takesSettings ? ((await request.readOptionalJson<ApiJson | null>()) ?? {}) : {};
    if (Object.keys(sent).length > 0) applyStartSettings(api, engine, container, sent);
    await startContainer(engine, container.id);
    return api.isLegacy ? { ...noContent(), fields: [["Content-Type", "text/plain"]] } : noContent();
  },
};

/** Up to 7 bytes count as none (moby api/server/router/container, postContainersStart). @throws ApiError 400 */
async function checkStartBody(request: ApiRequest): Promise<void> {
  if ((await request.readBytes()).length > 7) throw badParameter(NO_START_SETTINGS);
}

function applyStartSettings(
  api: ApiVersion,
  engine: Engine,
  { id, state, hostConfig }: Container,
  sent: ApiJson,
): void {
  if (state.status === "running") return;
  applyLegacyStartConfig(
    engine,
    id,
    api.isLegacy ? mergeLegacyHostConfig(hostConfig, sent) : readStartHostConfig(sent),
  );
}

const NO_START_SETTINGS =
  "starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24";

function readStopOptions(query: QueryParameters): StopOptions {
  return { signal: query.get("signal"), seconds: query.getInteger("t") };
}

export const containerStop: Endpoint = defineAction("ContainerStop", (id, { query }, engine) =>
  stopContainer(engine, id, readStopOptions(query)),
);

export const containerRestart: Endpoint = defineAction("ContainerRestart", (id, { query }, engine) =>
  restartContainer(engine, id, readStopOptions(query)),
);

export const containerPause: Endpoint = defineAction("ContainerPause", (id, _, engine) => pauseContainer(engine, id));

export const containerUnpause: Endpoint = defineAction("ContainerUnpause", (id, _, engine) =>
  unpauseContainer(engine, id),
);

/** Before 1.20 the daemon answered 204 even if the container did not run. */
export const containerKill: Endpoint = {
  operation: "ContainerKill",
  respond: async ({ api, name, query }, engine) => {
    try {
      await killContainer(engine, name, query.get("signal"));
    } catch (error) {
      const isHidden = error instanceof ApiError && error.status === 409 && api.isBefore("1.20");
      if (!isHidden) throw error;
    }
    return noContent();
  },
};
