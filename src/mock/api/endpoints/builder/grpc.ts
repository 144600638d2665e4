/** POST /grpc: the connection becomes BuildKit's control API (moby api/server/router/grpc). */
import { serveGrpc } from "../../../../session/grpc/serve-grpc.ts";
import { hijackConnection } from "../../http/response.ts";
import type { Endpoint } from "../endpoint.ts";
import { ControlService } from "./control/control-service.ts";
import { checkUpgrade, upgradeConnection } from "./control/upgrade-connection.ts";

export const grpc: Endpoint = {
  operation: "Grpc",
  since: "1.39",
  respond: (request, engine) => {
    checkUpgrade(request);
    return hijackConnection(async (hijacked) => {
      const service = new ControlService(engine);
      await serveGrpc(await upgradeConnection(hijacked), (call) => service.answer(call), engine.onFault);
      service.close();
    });
  },
};
