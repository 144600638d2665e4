// What is written with testcontainers; names, sessions and labels are of its own making, and of this run ($RUN).
import { createRequire } from "node:module";
import { join } from "node:path";

const { RUN = "", MODULES = "", PORT } = process.env;
const { GenericContainer, Network, Wait } = createRequire(join(MODULES, "index.js"))("testcontainers");
const busybox = (script) => new GenericContainer("busybox").withCommand(["sh", "-c", script]);

async function waits() {
  const speaker = await busybox("sleep 3; echo ready; sleep 99")
    .withName(`speaker-${RUN}`)
    .withWaitStrategy(Wait.forLogMessage("ready"))
    .start();
  console.log("exec", (await speaker.exec(["echo", "inside"])).output);
  await speaker.stop();
  const pool = await new Network().start();
  const healthy = await busybox("sleep 99")
    .withNetwork(pool)
    .withNetworkAliases("shark")
    .withHealthCheck({ test: ["CMD-SHELL", "true"], interval: 500, timeout: 1000, retries: 5 })
    .withWaitStrategy(Wait.forHealthCheck())
    .start();
  console.log("networks", healthy.getNetworkNames().length);
  await healthy.stop();
  await pool.stop();
  const once = await busybox("sleep 1").withWaitStrategy(Wait.forOneShotStartup()).start();
  await once.stop();
}

async function publishes() {
  const serving = await busybox("sleep 2; while :; do echo hey | nc -l -p 8080; done").withExposedPorts(8080).start();
  console.log("published", Number.isInteger(serving.getMappedPort(8080)), serving.getHost());
  await serving.stop();
}

await (PORT === undefined ? waits() : publishes());
console.log("done");
