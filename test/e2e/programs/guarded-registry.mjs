// Two guards before the registry at 127.0.0.1:5000: port 5001 wants a password (Basic), port 5002 a token (Bearer) that
// its own /token gives for the password. Prints "ready"; ends when its stdin does.
import { createServer, request } from "node:http";

const { PASSWORD, TOKEN } = process.env;
const BASIC = `Basic ${Buffer.from(`captain:${PASSWORD}`).toString("base64")}`;
const REALM = "http://127.0.0.1:5002/token";

function forward(incoming, response) {
  const { host: _, authorization: _secret, ...headers } = incoming.headers;
  const options = { host: "127.0.0.1", port: 5000, method: incoming.method, path: incoming.url, headers };
  const outgoing = request(options, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  incoming.pipe(outgoing);
}

function refuse(response, challenge) {
  response.writeHead(401, { "WWW-Authenticate": challenge, "Content-Type": "application/json" });
  response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
}

async function readForm(incoming) {
  let text = "";
  for await (const piece of incoming) text += piece;
  return new URLSearchParams(text);
}

async function giveToken(incoming, response) {
  const form = await readForm(incoming);
  const isKnown = incoming.headers.authorization === BASIC || form.get("password") === PASSWORD;
  if (!isKnown) return refuse(response, 'Basic realm="harbour"');
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify({ token: TOKEN, access_token: TOKEN, expires_in: 300 }));
}

function guardByPassword(incoming, response) {
  if (incoming.headers.authorization === BASIC) forward(incoming, response);
  else refuse(response, 'Basic realm="harbour"');
}

function guardByToken(incoming, response) {
  if (incoming.url.startsWith("/token")) void giveToken(incoming, response);
  else if (incoming.headers.authorization === `Bearer ${TOKEN}`) forward(incoming, response);
  else refuse(response, `Bearer realm="${REALM}",service="harbour",scope="repository:guarded:pull"`);
}

const servers = [
  [5001, guardByPassword],
  [5002, guardByToken],
].map(([port, guard]) => createServer(guard).listen(port, "127.0.0.1"));
await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
console.log("ready");
process.stdin.resume().on("end", () => process.exit());
