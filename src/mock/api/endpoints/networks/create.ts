import { createNetwork } from "../../../operations/lifecycle/create-network.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { readJsonBody } from "../read-json-body.ts";

export const networkCreate: Endpoint = {
  operation: "NetworkCreate",
  respond: async (request, engine) => {
    const sent = await readJsonBody(request, "NetworkCreateRequest", ["Name", "Driver", "Scope"]);
    const { network, warning } = createNetwork(engine, sent);
    return jsonResponse({ Id: network.id, Warning: warning }, 201);
  },
};
