const Docker = require("dockerode");
const { withCassette } = require("whalesong/jest");

test(
  "is updated",
  withCassette(async () => {
    const docker = new Docker();
    const answer = await (process.env.CHANGED === "1" ? docker.listImages() : docker.listVolumes());
    expect(answer).toBeDefined();
  }),
);
