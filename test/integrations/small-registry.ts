/** As much of a registry as a push and a pull need, with a login, and with faults. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface SmallRegistryOptions {
  /** `basic` or `bearer`: then only the user `whale` with the password `song` may do anything. */
  readonly login?: "basic" | "bearer";
  /** Changes what is sent for a blob. */
  readonly spoil?: (bytes: Buffer) => Buffer;
  /** Where uploads are sent, instead of to itself. */
  readonly uploadsTo?: string;
}

export interface SmallRegistry {
  readonly host: string;
  readonly blobs: Map<string, Buffer>;
  readonly manifests: Map<string, Buffer>;
  /** The scopes that tokens were asked for. */
  readonly scopes: string[];
}

const BASIC = `Basic ${Buffer.from("whale:song").toString("base64")}`;
const TOKEN = "Bearer tide";

export async function startSmallRegistry(options: SmallRegistryOptions = {}): Promise<SmallRegistry> {
  const [blobs, manifests, uploads] = [
    new Map<string, Buffer>(),
    new Map<string, Buffer>(),
    new Map<string, Buffer[]>(),
  ];
  const scopes: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response).catch((error) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "", `http://${host}`);
    const body = await buffer(request);
    response.setHeader("Connection", "close");
    if (url.pathname === "/token") return answerToken(request, url, response);
    const allowed = { basic: BASIC, bearer: TOKEN, none: undefined }[options.login ?? "none"];
    if (request.headers.authorization !== allowed) return refuse(response);
    const [, kind = "", name = ""] = /\/(manifests|blobs)\/(.*)$/.exec(url.pathname) ?? [];
    if (name.startsWith("uploads/")) return takeUpload(request, url, body, response);
    const store = kind === "blobs" ? blobs : manifests;
    if (request.method === "PUT") {
      store.set(name, body);
      store.set(digestOf(body), body);
      return void response.writeHead(201).end();
    }
    const bytes = store.get(name);
    if (bytes === undefined) return void response.writeHead(404).end('{"errors":[{"code":"UNKNOWN"}]}');
    const sent = kind === "blobs" ? (options.spoil?.(bytes) ?? bytes) : bytes;
    response.writeHead(200).end(request.method === "HEAD" ? "" : sent);
  }

  function refuse(response: ServerResponse): void {
    const bearer = `Bearer realm="http://${host}/token",service="small",scope="repository:team/tides:pull,push"`;
    response.writeHead(401, { "WWW-Authenticate": options.login === "bearer" ? bearer : 'Basic realm="small"' }).end();
  }

  function answerToken(request: IncomingMessage, url: URL, response: ServerResponse): void {
    scopes.push(`${url.searchParams.get("service")} ${url.searchParams.get("scope")}`);
    if (request.headers.authorization !== BASIC) return void response.writeHead(401).end();
    response.writeHead(200).end('{"token":"tide"}');
  }

  function takeUpload(request: IncomingMessage, url: URL, body: Buffer, response: ServerResponse): void {
    const id = url.searchParams.get("id") ?? String(uploads.size);
    const pieces = [...(uploads.get(id) ?? []), body];
    uploads.set(id, pieces);
    const digest = url.searchParams.get("digest");
    if (request.method === "PUT" && digest !== null) {
      const bytes = Buffer.concat(pieces);
      if (digestOf(bytes) !== digest) return void response.writeHead(400).end();
      blobs.set(digest, bytes);
      return void response.writeHead(201).end();
    }
    const place = options.uploadsTo ?? `${url.pathname}?id=${id}`;
    response.writeHead(202, { Location: place }).end();
  }

  return { host, blobs, manifests, scopes };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
