/** Requests that no well-made client sends, to learn how the daemon answers them. */
import { request } from "node:http";
import { text } from "node:stream/consumers";

const socketPath = (process.env.DOCKER_HOST ?? "").replace("unix://", "");

const JSON_TYPE = "application/json";
const CREATE = "/v1.41/containers/create";

await ask("GET", "/v1.41/no/such/page");
await ask("GET", "/v1.12/containers/nobody/json");
await ask("GET", "/v9.99/containers/json");
await ask("POST", CREATE, "{not json", JSON_TYPE);
await ask("POST", CREATE, "hello", "text/plain");
await ask("POST", CREATE, '{"Image":"nothing-like-it"}', JSON_TYPE);
await ask("POST", `${CREATE}?name=a+b`, '{"Image":"busybox"}', JSON_TYPE);
await ask("POST", `${CREATE}?name=web`, '{"Image":"busybox"}', JSON_TYPE);
await ask("POST", `${CREATE}?name=lost`, '{"Image":"busybox","Cmd":["nothing-like-it"]}', JSON_TYPE);
await ask("POST", "/v1.41/containers/lost/start");
await ask("POST", "/v1.41/containers/nobody/attach?stream=1&stdout=1");

/**
 * @param {string} method
 * @param {string} path
 * @param {string} [body]
 * @param {string} [type]
 */
function ask(method, path, body, type) {
  const headers = type === undefined ? {} : { "Content-Type": type };
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, method, path, headers }, async (answer) => {
      console.log(`${answer.statusCode} ${(await text(answer)).trim()}`);
      resolve(undefined);
    });
    asking.once("error", reject).end(body);
  });
}
