import { probe } from "./probe.ts";
import { sendRequest } from "./send-request.ts";

/** Removes what probes have left that did not come to their end: the next ones expect a daemon without containers. */
export async function removeContainers(socketPath: string): Promise<void> {
  const { body } = await send(socketPath, "GET /containers/json?all=1");
  const containers = JSON.parse(body.toString()) as readonly { readonly Id: string }[];
  for (const { Id } of containers) await send(socketPath, `DELETE /containers/${Id}?force=1&v=1`);
}

function send(socketPath: string, ask: string): ReturnType<typeof sendRequest> {
  return sendRequest(socketPath, ask.split(" ")[1] as string, probe("Removal", ask));
}
