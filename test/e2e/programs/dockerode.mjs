// What is written with dockerode, under names of this run ($RUN, $UUID).
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { pack } from "tar-stream";

const { RUN = "", UUID = "" } = process.env;
const docker = new Docker();
const FOREVER = ["sh", "-c", "echo up; trap exit TERM; while :; do sleep 0.1; done"];

function say(...heard) {
  const texts = heard.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
  console.log(texts.join(" ").replaceAll(RUN, "RUN").replaceAll(UUID, "UUID"));
}

const out = new PassThrough();
const printed = text(out);
const short = ["sh", "-c", "echo hi; sleep 0.5; exit 2"];
const [result, ran] = await docker.run("busybox", short, out, { name: `short-${RUN}`, Labels: { session: UUID } });
out.end();
say("run", result, await printed, (await ran.inspect()).State.ExitCode);
await ran.remove();

const web = await docker.createContainer({
  name: `web-${UUID}`,
  Image: "busybox",
  Cmd: FOREVER,
  Labels: { [`run.${RUN}`]: "1" },
});
await web.start();
while (!(await web.inspect()).State.Running);
const logs = await web.logs({ follow: true, stdout: true });
say(
  "first of the logs",
  await new Promise((resolve) => logs.once("data", (piece) => resolve(piece.toString("latin1")))),
);
logs.destroy();

const exec = await web.exec({ Cmd: ["cat"], AttachStdin: true, AttachStdout: true });
const line = await exec.start({ hijack: true, stdin: true });
line.end("typed\n");
say("exec", (await text(line)).slice(8), (await exec.inspect()).ExitCode);

const events = await docker.getEvents({ filters: { container: [web.id] } });
const dies = new Promise((resolve) => events.on("data", (piece) => piece.includes('"die"') && resolve()));
await web.stop({ t: 1 });
await dies;
events.destroy();
say("wait", await web.wait());
await web.remove({ v: true });

const pool = await docker.createNetwork({ Name: `pool-${RUN}` });
say((await pool.inspect()).Name);
await pool.remove();

const names = [1, 2, 3, 4].map((number) => `p${number}-${RUN}`);
const four = await Promise.all(
  names.map((name) => docker.createContainer({ name, Image: "busybox", Cmd: ["sleep", "99"] })),
);
await Promise.all(four.map((one) => one.start()));
const listed = await docker.listContainers({ filters: { name: [RUN] } });
say("listed", listed.map(({ Names }) => Names[0]).sort());
await Promise.all(four.map((one) => one.stop({ t: 0 })));
await Promise.all(four.map((one) => one.remove()));

const context = pack();
context.entry({ name: "Dockerfile" }, "FROM busybox\nRUN sleep 1; echo built\n");
context.finalize();
const building = await docker.buildImage(context, { t: "tide/dockerode:1" });
const progress = await new Promise((resolve, reject) =>
  docker.modem.followProgress(building, (error, heard) => (error ? reject(error) : resolve(heard))),
);
say(
  "build",
  progress.map(({ stream = "" }) => stream).filter((text) => text === "built\n"),
);
await docker.getImage("tide/dockerode:1").remove();
