/** POST /session: the connection becomes one on which the daemon calls its client (moby api/server/router/session). */
import { GrpcClient } from "../../../../session/grpc/grpc-client.ts";
import { badParameter } from "../../../model/api-error.ts";
import { getBuilder } from "../../../operations/buildkit/buildkit-builder.ts";
import { hijackConnection } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { checkUpgrade, upgradeConnection } from "./control/upgrade-connection.ts";

const SESSION_ID = "X-Docker-Expose-Session-Uuid";

export const session: Endpoint = {
  operation: "Session",
  since: "1.31",
  respond: (request, engine) => {
    checkUpgrade(request);
    const id = request.getHeader(SESSION_ID);
    if (id === undefined) throw badParameter(`no ${SESSION_ID} header`);
    return hijackConnection(async (hijacked) => {
      const client = new GrpcClient(await upgradeConnection(hijacked));
      getBuilder(engine).sessions.add(id, client);
      await client.closed;
    });
  },
};
