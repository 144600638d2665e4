/** HEAD and GET /_ping, with the API version in the path and without. */
import { request } from "node:http";
import { text } from "node:stream/consumers";

const socketPath = (process.env.DOCKER_HOST ?? "").replace("unix://", "");

for (const [method, path] of [
  ["HEAD", "/_ping"],
  ["GET", "/_ping"],
  ["GET", "/v1.41/_ping"],
]) {
  const said = await new Promise((resolve, reject) => {
    const asking = request({ socketPath, method, path }, (answer) => text(answer).then(resolve, reject));
    asking.once("error", reject).end();
  });
  console.log(`${method} ${path} ${said}`);
}
