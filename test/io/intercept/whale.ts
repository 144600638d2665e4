/** A daemon that sends its name, and a client that returns the name it gets. */
import { get } from "node:http";
import { text } from "node:stream/consumers";
import type { Daemon } from "../../../src/session/connection.ts";
import { createDaemon } from "../../../src/session/daemon.ts";

/** Answers every request with its name. */
export function createWhale(name: string): Daemon {
  return createDaemon(async (call) => {
    await call.drainBody();
    const head = call.encodeHead(200, "OK", [["Content-Length", String(Buffer.byteLength(name))]]);
    await call.connection.write(Buffer.concat([head, Buffer.from(name)]));
    return true;
  });
}

/** What `GET /name` is answered there. */
export function requestName(socketPath: string, options: object = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path: "/name", ...options }, (answer) => text(answer).then(resolve, reject)).on("error", reject);
  });
}
