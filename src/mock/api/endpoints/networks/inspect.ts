import { badParameter, notFound } from "../../../model/api-error.ts";
import { json } from "../../http/answer.ts";
import type { Request } from "../../http/request.ts";
import type { Endpoint } from "../endpoint.ts";
import { membersShape, networkShape } from "./shape.ts";

export const networkInspect: Endpoint = {
  operation: "NetworkInspect",
  answer: (request, engine) => {
    const { name, query } = request;
    checkVerbose(request);
    const network = engine.networks.find(name, (reference, matches, by) =>
      badParameter(`${matches} matches found based on ${by}: network ${reference} is ambiguous`),
    );
    const scope = query.text("scope");
    if (scope !== "" && scope !== "local") throw notFound(`network ${name} not found`);
    return json(networkShape(network, membersShape(engine, network)));
  },
};

/** There are no services whose tasks could be told of. */
function checkVerbose({ query }: Request): void {
  const verbose = query.text("verbose");
  if (verbose === "" || /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(verbose)) return;
  const parsing = `strconv.ParseBool: parsing ${JSON.stringify(verbose)}: invalid syntax`;
  throw badParameter(`invalid value for verbose: ${verbose}: ${parsing}`);
}
