/** Who answers at a published port. */
import type { Call } from "../../../session/call.ts";
import type { Connection, Daemon } from "../../../session/connection.ts";
import { daemon } from "../../../session/daemon.ts";
import { encodeResponseHead, type HeaderField } from "../../../wire/head.ts";
import { reasonOf } from "../../../wire/reasons.ts";
import { answerTo } from "./answers.ts";
import type { Answers, Page, PortBehaviour } from "./behaviour.ts";

export function daemonAt(behaviour: PortBehaviour): Daemon {
  if (typeof behaviour === "function") return behaviour;
  if (behaviour === "echo") return echo;
  if (behaviour === "silent") return hold;
  if (behaviour === "closes") return async (connection) => connection.end();
  if ("http" in behaviour) return serving(behaviour.http);
  return talking(behaviour);
}

const hold: Daemon = async (connection) => {
  while ((await connection.read()) !== undefined);
  connection.end();
};

const echo: Daemon = async (connection) => {
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
    await connection.write(bytes);
  }
  connection.end();
};

function talking({ greets, answers }: { readonly greets?: string; readonly answers?: Answers }): Daemon {
  return async (connection) => {
    if (greets !== undefined) await connection.write(Buffer.from(greets));
    if (answers === undefined) return hold(connection);
    for await (const line of linesFrom(connection)) {
      const answer = answerTo(answers, line);
      if (answer !== undefined) await connection.write(Buffer.from(`${answer}\n`));
    }
    connection.end();
  };
}

async function* linesFrom(connection: Connection): AsyncGenerator<string> {
  let rest = "";
  for (let bytes = await connection.read(); bytes !== undefined; bytes = await connection.read()) {
    const lines = (rest + bytes.toString("utf8")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield line.replace(/\r$/, "");
  }
  if (rest !== "") yield rest;
}

function serving(pages: Page | Readonly<Record<string, Page>>): Daemon {
  return daemon(async (call) => {
    await call.drain();
    await call.connection.write(response(call, pageFor(pages, call.head.target)));
    return true;
  });
}

const NOT_FOUND: Page = { status: 404, body: "not found\n" };

/** Pages by path have a slash in front, or a star; anything else is one page for all. */
function pageFor(pages: Page | Readonly<Record<string, Page>>, target: string): Page {
  if (!isByPath(pages)) return pages;
  const [path = ""] = target.split("?");
  return pages[path] ?? pages["*"] ?? NOT_FOUND;
}

function isByPath(pages: Page | Readonly<Record<string, Page>>): pages is Readonly<Record<string, Page>> {
  return Object.keys(pages).some((name) => name.startsWith("/") || name === "*");
}

function response({ head }: Call, { status = 200, headers = {}, body = "" }: Page): Buffer {
  const bytes = Buffer.from(body as string);
  const named = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const own: readonly HeaderField[] = [
    ...(named.has("content-type") || bytes.length === 0 ? [] : ([["Content-Type", "text/plain"]] as const)),
    ["Content-Length", String(bytes.length)],
  ];
  const start = encodeResponseHead({
    version: "HTTP/1.1",
    status,
    reason: reasonOf(status),
    fields: [...Object.entries(headers), ...own],
  });
  return head.method === "HEAD" ? start : Buffer.concat([start, bytes]);
}
