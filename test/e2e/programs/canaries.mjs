// What dockerode's users write, with a secret in each place. Secrets are in $SECRETS, by their names.
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { pack } from "tar-stream";

const secret = (name) => JSON.parse(process.env.SECRETS)[name];
const docker = new Docker();
const ignore = () => undefined;

const web = await docker.createContainer({
  name: "web",
  Image: "busybox",
  Cmd: ["sh", "-c", 'echo "$DB_PASSWORD"; sleep 60', "--api-key", secret("dockerode argument")],
  Env: [`DB_PASSWORD=${secret("dockerode env")}`],
  Labels: { "my.secret": secret("dockerode label") },
  Healthcheck: { Test: ["CMD", "curl", "-u", `me:${secret("dockerode health")}`, "x"] },
});
await web.start();
const exec = await web.exec({
  Cmd: ["cat"],
  Env: [`A_TOKEN=${secret("dockerode exec")}`],
  AttachStdin: true,
  AttachStdout: true,
});
const line = await exec.start({ hijack: true, stdin: true });
for (const letter of `${secret("dockerode exec")}\n`) line.write(letter);
line.end();
await text(line);
await web.inspect();
await text(
  await web.logs({ follow: false, stdout: true, stderr: true, tail: 1 }).then((bytes) => new Blob([bytes]).stream()),
);
await web.remove({ force: true });

const context = pack();
context.entry({ name: "Dockerfile" }, "FROM busybox\nARG TOKEN\nRUN echo built $TOKEN\n");
context.finalize();
const registryconfig = { "registry.example": { username: "me", password: secret("dockerode registryconfig") } };
const buildargs = { TOKEN: secret("dockerode build") };
const building = await docker.buildImage(context, { t: "built", buildargs, registryconfig });
await new Promise((resolve) => docker.modem.followProgress(building, resolve));
await docker.getImage("built").history();
await docker.getImage("built").remove();

const authconfig = { username: "me", password: secret("dockerode authconfig"), serveraddress: "127.0.0.1:1" };
await docker
  .pull("127.0.0.1:1/none", { authconfig })
  .then((stream) => text(stream))
  .catch(ignore);
await docker
  .checkAuth({ username: "me", password: secret("dockerode login"), serveraddress: "127.0.0.1:1" })
  .catch(ignore);
const volume = await docker.createVolume({
  Name: "vol",
  DriverOpts: { o: `password=${secret("dockerode volume")}`, type: "cifs", device: "//a/b" },
});
await docker.getVolume("vol").inspect();
await docker.getVolume("vol").remove();
void volume;
