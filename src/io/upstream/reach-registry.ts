import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { ApiError } from "../../mock/model/api-error.ts";
import type { Exchange, Reach } from "../../mock/registry/remote.ts";
import { messageOf } from "../errno.ts";

/** Over plain HTTP: a registry on this machine, as dockerd takes one on loopback for insecure. */
export const reachRegistry: Reach = async (host, method, path, { headers, body }) => {
  try {
    return await exchanged(host, method, path, { ...headers, Connection: "close" }, body);
  } catch (error) {
    throw new ApiError(500, `Get "http://${host}/v2/": ${messageOf(error)}`);
  }
};

function exchanged(
  host: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer = Buffer.alloc(0),
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const length = method === "GET" || method === "HEAD" ? {} : { "Content-Length": String(body.length) };
    const asking = request(`http://${host}${path}`, { method, headers: { ...headers, ...length } }, (answer) => {
      const fields = answer.headers as Record<string, string | undefined>;
      buffer(answer).then((bytes) => resolve({ status: answer.statusCode ?? 0, headers: fields, body: bytes }), reject);
    });
    asking.once("error", reject).end(body);
  });
}
