import { ApiError, badParameter, notFound } from "../../../model/api-error.ts";
import type { Container } from "../../../model/container.ts";
import type { Engine } from "../../../operations/engine.ts";
import { toEndpoint } from "../../../operations/lifecycle/container-endpoints.ts";
import { connectToNetwork, disconnectFromNetwork } from "../../../operations/lifecycle/networks.ts";
import { emptyResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { readJsonBody } from "../read-json-body.ts";

export const networkConnect: Endpoint = {
  operation: "NetworkConnect",
  respond: async (request, engine) => {
    const { Container = "", EndpointConfig } = await readJsonBody(request, "NetworkConnect");
    // moby looks for the container first.
    const container = findContainer(engine, Container);
    const settings = EndpointConfig == null ? undefined : toEndpoint(engine.release, EndpointConfig);
    connectToNetwork(engine, engine.networks.find(request.name), container, settings);
    return emptyResponse(200);
  },
};

export const networkDisconnect: Endpoint = {
  operation: "NetworkDisconnect",
  respond: async (request, engine) => {
    const { Container = "", Force = false } = await readJsonBody(request, "NetworkDisconnect");
    const container = Force === true ? undefined : findContainer(engine, Container);
    const network = engine.networks.find(request.name);
    disconnectFromNetwork(engine, network, container ?? findMember(engine, Container));
    return emptyResponse(200);
  },
};

function findContainer({ containers }: Engine, reference: string): Container {
  if (reference === "") throw badParameter('invalid name or ID supplied: ""');
  return containers.find(reference);
}

/** With `Force` moby looks for the container among the network's endpoints, so its error names an endpoint. */
function findMember(engine: Engine, reference: string): Container {
  try {
    return findContainer(engine, reference);
  } catch (error) {
    throw error instanceof ApiError ? notFound(`endpoint ${reference} not found`) : error;
  }
}
