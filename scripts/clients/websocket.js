/** Attaches to the container `web` over a websocket, says two lines, and prints what comes back. */
import { once } from "node:events";
import WebSocket from "ws";

const socket = (process.env.DOCKER_HOST ?? "").replace("unix://", "ws+unix://");
const web = new WebSocket(`${socket}:/v1.41/containers/web/attach/ws?stream=1&stdin=1&stdout=1&stderr=1`);
web.on("error", (error) => {
  console.error(`the websocket failed: ${error.message}`);
  process.exitCode = 1;
});
const closed = once(web, "close");
await once(web, "open");
for (const line of ["hello\n", "over a websocket\n"]) {
  web.send(line);
  const [answer] = await once(web, "message");
  console.log(String(answer).trim());
}
console.log(`closed with ${(await closed)[0]}`);
