import type { Call } from "../../../session/call.ts";
import { ApiError } from "../../model/api-error.ts";
import type { Container } from "../../model/container.ts";
import type { Engine } from "../../operations/engine.ts";

/** All names of the object in a call's path. A client uses the id of what it created, and a test knows the name. */
export function listResourceNames({ operation: { path, params } }: Call, engine: Engine): readonly string[] {
  const [reference] = Object.values(params);
  if (reference === undefined) return [];
  if (path.startsWith("/containers/")) return listContainerNames(findOrNone(() => engine.containers.find(reference)));
  if (path.startsWith("/exec/")) {
    const exec = engine.execs.get(reference);
    return listContainerNames(exec === undefined ? undefined : engine.containers.get(exec.containerId));
  }
  if (path.startsWith("/images/")) return engine.images.lookUp(reference)?.tags ?? [];
  if (path.startsWith("/networks/")) {
    const network = findOrNone(() => engine.networks.find(reference));
    return network === undefined ? [] : [network.name, network.id];
  }
  return [];
}

function listContainerNames(container: Container | undefined): readonly string[] {
  return container === undefined ? [] : [container.name, container.id, container.config.Image];
}

/** Undefined if the daemon would answer that there is none, or that the name is ambiguous. */
function findOrNone<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
