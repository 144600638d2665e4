/** Mockttp, as a process of its own: `node mockttp.js replay PORT EXCHANGES.json` or `forward PORT UPSTREAM-PORT`. */
import { readFileSync } from "node:fs";
import { getLocal } from "mockttp";

const [mode, port, operand] = process.argv.slice(2);
const server = getLocal({ recordTraffic: false });
if (mode === "replay") for (const exchange of JSON.parse(readFileSync(operand, "utf8"))) await addRule(exchange);
else await server.forUnmatchedRequest().thenForwardTo(`http://127.0.0.1:${operand}`);
await server.start(Number(port));

async function addRule({ method, target, body, status, json }) {
  const [path, query = ""] = target.split("?");
  const rule = (method === "GET" ? server.forGet(path) : server.forPost(path)).withExactQuery(query && `?${query}`);
  const chosen = body === undefined ? rule : rule.withJsonBody(JSON.parse(body));
  const headers = { "Content-Type": "application/json", "Content-Length": String(Buffer.byteLength(json)) };
  await chosen.always().thenReply(status, json, headers);
}
