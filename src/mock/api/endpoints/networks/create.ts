import { createNetwork } from "../../../operations/lifecycle/create-network.ts";
import { json } from "../../http/answer.ts";
import type { Endpoint } from "../endpoint.ts";
import { sentJson } from "../sent-json.ts";

export const networkCreate: Endpoint = {
  operation: "NetworkCreate",
  answer: async (request, engine) => {
    const sent = await sentJson(request, "NetworkCreateRequest", ["Name", "Driver", "Scope"]);
    const { network, warning } = createNetwork(engine, sent);
    return json({ Id: network.id, Warning: warning }, 201);
  },
};
