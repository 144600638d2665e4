/** Listens to the statistics of the container `web` for two samples, and hangs up. */
import { once } from "node:events";
import { get } from "node:http";

const SAMPLES = 2;
const socketPath = (process.env.DOCKER_HOST ?? "").replace("unix://", "");
const asking = get({ socketPath, path: "/v1.41/containers/web/stats?stream=1" });
const [answer] = await once(asking, "response");
let heard = "";
for await (const piece of answer) {
  heard += piece;
  if (heard.split("\n").length > SAMPLES) break;
}
asking.destroy();
console.log(`${SAMPLES} samples, the first of ${JSON.parse(heard.split("\n")[0] ?? "").name}`);
