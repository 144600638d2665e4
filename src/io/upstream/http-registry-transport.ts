import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { toErrorMessage } from "../../base/error-message.ts";
import { ApiError } from "../../mock/model/api-error.ts";
import type { RegistryResponse, RegistryTransport } from "../../mock/registry/remote-registry.ts";

/** Requests to a registry on this machine over plain HTTP: dockerd treats registries on loopback as insecure, too. */
export const httpRegistryTransport: RegistryTransport = async (host, method, path, { headers, body }) => {
  try {
    return await sendRequest(host, method, path, { ...headers, Connection: "close" }, body);
  } catch (error) {
    throw new ApiError(500, `Get "http://${host}/v2/": ${toErrorMessage(error)}`);
  }
};

function sendRequest(
  host: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer = Buffer.alloc(0),
): Promise<RegistryResponse> {
  return new Promise((resolve, reject) => {
    const length = method === "GET" || method === "HEAD" ? {} : { "Content-Length": String(body.length) };
    const outgoing = request(`http://${host}${path}`, { method, headers: { ...headers, ...length } }, (answer) => {
      const fields = answer.headers as Record<string, string | undefined>;
      buffer(answer).then((bytes) => resolve({ status: answer.statusCode ?? 0, headers: fields, body: bytes }), reject);
    });
    outgoing.once("error", reject).end(body);
  });
}
