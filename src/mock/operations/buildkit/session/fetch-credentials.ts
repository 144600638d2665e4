import type { GrpcClient } from "../../../../session/grpc/grpc-client.ts";
import { BUILDKIT_SCHEMA } from "../../../../wire/buildkit/buildkit-schema.ts";
import { decodeMessage } from "../../../../wire/protobuf/decode-message.ts";
import { encodeMessage } from "../../../../wire/protobuf/encode-message.ts";
import type { Credentials } from "../../../model/credentials.ts";
import { HUB } from "../../../model/image-reference.ts";

const AUTH = "moby.filesync.v1";

/** What the client would log in to a registry with. Empty where it does not say. */
export async function fetchCredentials(client: GrpcClient, domain: string): Promise<Credentials> {
  const call = client.call(`/${AUTH}.Auth/Credentials`);
  const Host = domain === HUB ? `registry-1.${HUB}` : domain;
  await call.send(encodeMessage(BUILDKIT_SCHEMA, `${AUTH}.CredentialsRequest`, { Host }));
  call.halfClose();
  let answer = Buffer.alloc(0);
  for await (const message of call.messages) answer = Buffer.from(message);
  if ((await call.status).code !== 0) return {};
  const { Username = "", Secret = "" } = decodeMessage(BUILDKIT_SCHEMA, `${AUTH}.CredentialsResponse`, answer);
  return Username === "" ? {} : { username: String(Username), password: String(Secret) };
}
