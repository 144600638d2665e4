/** Endpoints that do one thing to one container and say nothing more. */

import { ApiError, badParameter } from "../../../model/api-error.ts";
import type { ApiVersion } from "../../../model/api-version.ts";
import type { Container } from "../../../model/container.ts";
import type { Shape } from "../../../model/shapes.ts";
import type { Engine } from "../../../operations/engine.ts";
import { settleLate } from "../../../operations/lifecycle/legacy-start-config.ts";
import { startContainer } from "../../../operations/lifecycle/start.ts";
import {
  killContainer,
  pauseContainer,
  restartContainer,
  stopContainer,
  unpauseContainer,
} from "../../../operations/lifecycle/stop.ts";
import { nothing } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import type { Endpoint } from "../endpoint.ts";
import { lateHostConfig, oldHostConfig } from "./old-settings.ts";

function action(
  operation: string,
  act: (id: string, request: Request, engine: Engine) => void | Promise<void>,
): Endpoint {
  return {
    operation,
    answer: async (request, engine) => {
      await act(engine.containers.find(request.name).id, request, engine);
      return nothing();
    },
  };
}

/** Once, settings of the host came with the start: from 1.3 to 1.23. */
export const containerStart: Endpoint = {
  operation: "ContainerStart",
  answer: async (request, engine) => {
    const { api } = request;
    const container = engine.containers.find(request.name);
    const sent = (api.isBefore("1.3") ? undefined : await request.optionalJson<Shape | null>()) ?? {};
    if (Object.keys(sent).length > 0) settle(api, engine, container, sent);
    await startContainer(engine, container.id);
    return api.isBygone ? { ...nothing(), fields: [["Content-Type", "text/plain"]] } : nothing();
  },
};

function settle(api: ApiVersion, engine: Engine, { id, state, hostConfig }: Container, sent: Shape): void {
  if (!api.isBefore("1.24")) throw badParameter(NO_SETTINGS);
  if (state.status === "running") return;
  settleLate(engine, id, api.isBygone ? oldHostConfig(hostConfig, sent) : lateHostConfig(sent));
}

const NO_SETTINGS =
  "starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24";

export const containerStop: Endpoint = action("ContainerStop", (id, { query }, engine) =>
  stopContainer(engine, id, query.integer("t")),
);

export const containerRestart: Endpoint = action("ContainerRestart", (id, { query }, engine) =>
  restartContainer(engine, id, query.integer("t")),
);

export const containerPause: Endpoint = action("ContainerPause", (id, _, engine) => pauseContainer(engine, id));

export const containerUnpause: Endpoint = action("ContainerUnpause", (id, _, engine) => unpauseContainer(engine, id));

/** Clients before 1.20 do not hear that there was nothing to kill. */
export const containerKill: Endpoint = {
  operation: "ContainerKill",
  answer: async ({ api, name, query }, engine) => {
    try {
      await killContainer(engine, name, query.text("signal"));
    } catch (error) {
      const isHushed = error instanceof ApiError && error.status === 409 && api.isBefore("1.20");
      if (!isHushed) throw error;
    }
    return nothing();
  },
};
