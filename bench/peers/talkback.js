/** Talkback, as a process of its own: `node talkback.js replay SOCKET EXCHANGES.json` or `record SOCKET FOLDER PORT`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import talkback from "talkback";

const [mode, address, operand, port] = process.argv.slice(2);
const folder = mode === "replay" ? writeTapes() : operand;
talkback({
  path: folder,
  port: address,
  host: `http://127.0.0.1:${port ?? 1}`,
  record: talkback.Options.RecordMode[mode === "replay" ? "DISABLED" : "OVERWRITE"],
  silent: true,
  summary: false,
  allowHeaders: ["content-type"],
}).start();

function writeTapes() {
  const tapes = `${operand}.tapes`;
  mkdirSync(tapes, { recursive: true });
  for (const [at, exchange] of JSON.parse(readFileSync(operand, "utf8")).entries()) {
    writeFileSync(join(tapes, `${at}.json5`), JSON.stringify(toTape(exchange)));
  }
  return tapes;
}

function toTape({ method, target, body, status, json }) {
  const type = { "content-type": "application/json" };
  const length = String(Buffer.byteLength(json));
  return {
    meta: {
      createdAt: "2026-01-01T00:00:00.000Z",
      host: "http://127.0.0.1:1",
      reqHumanReadable: true,
      resHumanReadable: true,
    },
    req: {
      method,
      url: target,
      headers: body === undefined ? {} : type,
      body: body === undefined ? "" : JSON.parse(body),
    },
    res: { status, headers: { "content-type": ["application/json"], "content-length": [length] }, body: json },
  };
}
