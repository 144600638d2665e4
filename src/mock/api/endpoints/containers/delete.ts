import { conflictError, systemError } from "../../../model/api-error.ts";
import { type Container, isRunning } from "../../../model/container.ts";
import type { Engine } from "../../../operations/engine.ts";
import { removeContainer } from "../../../operations/lifecycle/remove-container.ts";
import { signalContainer, stopContainer } from "../../../operations/lifecycle/stop-container.ts";
import { getRuntime } from "../../../runtime/engine-runtime.ts";
import type { ApiRequest } from "../../http/request.ts";
import { noContent } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";

const KILL = 9;

export const containerDelete: Endpoint = {
  operation: "ContainerDelete",
  respond: async (request, engine) => {
    const container = engine.containers.find(request.name);
    const { status } = container.state;
    if (status === "removing") throw conflictError(`removal of container ${request.name} is already in progress`);
    const [removesVolumes, isLink] = [request.getFlag("v"), request.getFlag("link")];
    // A link is named `/container/alias`. A name with one part is the container itself (moby daemon/delete.go).
    if (isLink) throw systemError("Conflict, cannot remove the default link name of the container");
    if (isRunning(container)) await endByForce(engine, container, request);
    if (engine.containers.get(container.id) !== undefined) {
      removeContainer(engine, container.id, { removesVolumes });
    }
    return noContent();
  },
};

/** Before 1.12 `force` stops a container as `docker stop` does. From 1.12 on it kills it. */
async function endByForce(engine: Engine, container: Container, request: ApiRequest): Promise<void> {
  const { id, state } = container;
  const isForced = request.getFlag("force");
  if (!isForced) {
    const remedy = state.status === "paused" ? "Unpause and then stop the container" : "Stop the container";
    throw conflictError(
      `You cannot remove a ${state.status} container ${id}. ${remedy} before attempting removal or force remove`,
    );
  }
  if (request.api.isLegacy) return stopContainer(engine, id);
  const machine = getRuntime(engine, container);
  const exit = machine.nextExit;
  const hasProcess = machine.run !== undefined;
  signalContainer(engine, container, KILL);
  if (hasProcess) await exit;
}
