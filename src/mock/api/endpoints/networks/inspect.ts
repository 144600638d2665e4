import { badParameter, notFound } from "../../../model/api-error.ts";
import type { ApiRequest } from "../../http/request.ts";
import { jsonResponse } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { toMembersJson, toNetworkJson } from "./network-json.ts";

export const networkInspect: Endpoint = {
  operation: "NetworkInspect",
  respond: (request, engine) => {
    const { name, query } = request;
    checkVerbose(request);
    const network = engine.networks.find(name, (reference, matches, by) =>
      badParameter(`${matches} matches found based on ${by}: network ${reference} is ambiguous`),
    );
    const scope = query.get("scope");
    if (scope !== "" && scope !== "local") throw notFound(`network ${name} not found`);
    return jsonResponse(toNetworkJson(request, network, toMembersJson(engine, network)));
  },
};

/** `verbose` adds the tasks of services. The simulation has none, so it only checks the word. */
function checkVerbose({ query }: ApiRequest): void {
  const verbose = query.get("verbose");
  if (verbose === "" || /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(verbose)) return;
  const parsing = `strconv.ParseBool: parsing ${JSON.stringify(verbose)}: invalid syntax`;
  throw badParameter(`invalid value for verbose: ${verbose}: ${parsing}`);
}
