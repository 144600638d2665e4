import { createNetwork } from "../../../operations/lifecycle/create-network.ts";
import { jsonResponse } from "../../http/response.ts";
import { omitMembers } from "../../version/downgrade.ts";
import type { Endpoint } from "../endpoint.ts";
import { readJsonBody } from "../read-json-body.ts";

export const networkCreate: Endpoint = {
  operation: "NetworkCreate",
  respond: async (request, engine) => {
    const sent = await readJsonBody(request, "NetworkCreate");
    // `EnableIPv4` came with 1.48.
    const { network, warning } = createNetwork(
      engine,
      request.api.isBefore("1.48") ? omitMembers(sent, "EnableIPv4") : sent,
    );
    return jsonResponse({ Id: network.id, Warning: warning }, 201);
  },
};
