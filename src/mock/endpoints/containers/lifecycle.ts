/** Endpoints that do one thing to one container and say nothing more. */
import type { Engine } from "../../engine.ts";
import { nothing } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import { startContainer } from "../../lifecycle/start.ts";
import {
  killContainer,
  pauseContainer,
  restartContainer,
  stopContainer,
  unpauseContainer,
} from "../../lifecycle/stop.ts";
import { badParameter, Refusal } from "../../refusal.ts";
import { hostConfigOf } from "../../state/host-config.ts";
import type { Shape } from "../../version/shapes.ts";
import type { Endpoint } from "../endpoint.ts";

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

export const containerStart: Endpoint = action("ContainerStart", async (id, request, engine) => {
  const sent = await request.optionalJson<Shape>();
  if (sent !== undefined && Object.keys(sent).length > 0) applyHostConfig(id, sent, request, engine);
  await startContainer(engine, id);
});

/** Once, settings of the host came with the start. */
function applyHostConfig(id: string, sent: Shape, { api }: Request, engine: Engine): void {
  if (!api.isBefore("1.24")) {
    throw badParameter(
      "starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24",
    );
  }
  engine.containers.change(id, (container) => ({
    ...container,
    hostConfig: hostConfigOf({ ...container.hostConfig, ...sent }),
  }));
}

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
      const isHushed = error instanceof Refusal && error.status === 409 && api.isBefore("1.20");
      if (!isHushed) throw error;
    }
    return nothing();
  },
};
