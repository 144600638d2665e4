import type { GrpcClient } from "../../../../session/grpc/grpc-client.ts";
import { BUILDKIT_SCHEMA } from "../../../../wire/buildkit/buildkit-schema.ts";
import { toGrpcStatusCode } from "../../../../wire/grpc/status.ts";
import { decodeMessage } from "../../../../wire/protobuf/decode-message.ts";
import { encodeMessage } from "../../../../wire/protobuf/encode-message.ts";
import { SolveError } from "../solve-error.ts";

const SECRETS = "moby.buildkit.secrets.v1";

/**
 * The content of a secret that the client offers. Undefined where it offers none of that id.
 * @throws SolveError if the client refuses for another reason
 */
export async function fetchSecret(client: GrpcClient, id: string): Promise<Buffer | undefined> {
  const call = client.call(`/${SECRETS}.Secrets/GetSecret`);
  await call.send(encodeMessage(BUILDKIT_SCHEMA, `${SECRETS}.GetSecretRequest`, { ID: id }));
  call.halfClose();
  let answer: Buffer | undefined;
  for await (const message of call.messages) answer = message;
  const { code, message } = await call.status;
  if (code === toGrpcStatusCode("NOT_FOUND") || code === toGrpcStatusCode("UNIMPLEMENTED")) return undefined;
  if (code !== 0) throw new SolveError(`cannot read the secret ${id}: ${message}`, { code });
  const { data = Buffer.alloc(0) } = decodeMessage(
    BUILDKIT_SCHEMA,
    `${SECRETS}.GetSecretResponse`,
    answer ?? Buffer.alloc(0),
  );
  return data as Buffer;
}
