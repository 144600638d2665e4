/** Serves a port as a behaviour says. */
import type { Call } from "../../../session/call.ts";
import type { Connection, Daemon } from "../../../session/connection.ts";
import { createDaemon } from "../../../session/daemon.ts";
import { encodeResponseHead, type HeaderField } from "../../../wire/http/head.ts";
import { getReasonPhrase } from "../../../wire/http/reasons.ts";
import type { HttpPage, LineAnswers, PortBehaviour } from "./behaviour.ts";
import { findAnswer } from "./find-answer.ts";

export function createPortDaemon(behaviour: PortBehaviour): Daemon {
  if (typeof behaviour === "function") return behaviour;
  if (behaviour === "echo") return echoInput;
  if (behaviour === "silent") return holdOpen;
  if (behaviour === "closes") return async (connection) => connection.end();
  if ("http" in behaviour) return servePages(behaviour.http);
  return createLineDaemon(behaviour);
}

const holdOpen: Daemon = async (connection) => {
  while ((await connection.read()) !== undefined);
  connection.end();
};

const echoInput: Daemon = async (connection) => {
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
    await connection.write(bytes);
  }
  connection.end();
};

function createLineDaemon({ greets, answers }: { readonly greets?: string; readonly answers?: LineAnswers }): Daemon {
  return async (connection) => {
    if (greets !== undefined) await connection.write(Buffer.from(greets));
    if (answers === undefined) return holdOpen(connection);
    for await (const line of readLines(connection)) {
      const answer = findAnswer(answers, line);
      if (answer !== undefined) await connection.write(Buffer.from(`${answer}\n`));
    }
    connection.end();
  };
}

async function* readLines(connection: Connection): AsyncGenerator<string> {
  let rest = "";
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
    const lines = (rest + bytes.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
  }
  if (rest !== "") yield rest;
}

function servePages(pages: HttpPage | Readonly<Record<string, HttpPage>>): Daemon {
  return createDaemon(async (call) => {
    await call.drainBody();
    await call.connection.write(encodeResponse(call, findPage(pages, call.head.target)));
    return true;
  });
}

const NOT_FOUND: HttpPage = { status: 404, body: "not found\n" };

/** A map of pages has paths or `*` as keys. Anything else is one page for all paths. */
function findPage(pages: HttpPage | Readonly<Record<string, HttpPage>>, target: string): HttpPage {
  if (!isByPath(pages)) return pages;
  const [path = ""] = target.split("?");
  return pages[path] ?? pages["*"] ?? NOT_FOUND;
}

function isByPath(pages: HttpPage | Readonly<Record<string, HttpPage>>): pages is Readonly<Record<string, HttpPage>> {
  return Object.keys(pages).some((name) => name.startsWith("/") || name === "*");
}

function encodeResponse({ head }: Call, { status = 200, headers = {}, body = "" }: HttpPage): Buffer {
  const bytes = Buffer.from(body as string);
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const defaults: readonly HeaderField[] = [
    ...(names.has("content-type") || bytes.length === 0 ? [] : ([["Content-Type", "text/plain"]] as const)),
    ["Content-Length", String(bytes.length)],
  ];
  const start = encodeResponseHead({
    version: "HTTP/1.1",
    status,
    reason: getReasonPhrase(status),
    fields: [...Object.entries(headers), ...defaults],
  });
  return head.method === "HEAD" ? start : Buffer.concat([start, bytes]);
}
