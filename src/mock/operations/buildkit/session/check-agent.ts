import type { GrpcClient } from "../../../../session/grpc/grpc-client.ts";
import { BUILDKIT_SCHEMA } from "../../../../wire/buildkit/buildkit-schema.ts";
import { encodeMessage } from "../../../../wire/protobuf/encode-message.ts";

const SSH = "moby.sshforward.v1";

/** Why the client offers no agent of that id. Undefined where it offers one. */
export async function checkAgent(client: GrpcClient, ID: string): Promise<string | undefined> {
  const call = client.call(`/${SSH}.SSH/CheckAgent`);
  await call.send(encodeMessage(BUILDKIT_SCHEMA, `${SSH}.CheckAgentRequest`, { ID }));
  call.halfClose();
  for await (const _ of call.messages);
  const { code, message } = await call.status;
  return code === 0 ? undefined : message;
}
