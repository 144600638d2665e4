import { ApiError, badParameter, notFound } from "../../../model/api-error.ts";
import type { Container } from "../../../model/container.ts";
import type { Engine } from "../../../operations/engine.ts";
import { endpointFrom } from "../../../operations/lifecycle/create.ts";
import { connectToNetwork, disconnectFromNetwork } from "../../../operations/lifecycle/networks.ts";
import { noBody } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";
import { sentJson } from "../sent-json.ts";

export const networkConnect: Endpoint = {
  operation: "NetworkConnect",
  answer: async (request, engine) => {
    const { Container = "", EndpointConfig } = await sentJson(request, "NetworkConnect", ["Container"]);
    const network = engine.networks.find(request.name);
    const wanted = EndpointConfig == null ? undefined : endpointFrom(EndpointConfig);
    connectToNetwork(engine, network, containerMeant(engine, Container), wanted);
    return noBody(200);
  },
};

export const networkDisconnect: Endpoint = {
  operation: "NetworkDisconnect",
  answer: async (request, engine) => {
    const { Container = "", Force = false } = await sentJson(request, "NetworkDisconnect", ["Container"]);
    const network = engine.networks.find(request.name);
    disconnectFromNetwork(
      engine,
      network,
      Force === true ? memberMeant(engine, Container) : containerMeant(engine, Container),
    );
    return noBody(200);
  },
};

function containerMeant({ containers }: Engine, reference: string): Container {
  if (reference === "") throw badParameter('invalid name or ID supplied: ""');
  return containers.find(reference);
}

/** Whoever is put out by force is looked for among the endpoints of the network. */
function memberMeant(engine: Engine, reference: string): Container {
  try {
    return containerMeant(engine, reference);
  } catch (error) {
    throw error instanceof ApiError ? notFound(`endpoint ${reference} not found`) : error;
  }
}
