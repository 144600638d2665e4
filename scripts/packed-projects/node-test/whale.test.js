const assert = require("node:assert/strict");
const Docker = require("dockerode");
const whalesong = require("whalesong");
const { cassetteTest, useCassette } = require("whalesong/node-test");

const test = cassetteTest(__filename);

test("has a cassette", async (_t, { mode }) => {
  const container = await new Docker().createContainer({ Image: "busybox", name: "whale" });
  const [{ Names }] = await new Docker().listContainers({ all: true });
  await container.remove();
  assert.deepEqual(Names, ["/whale"]);
  assert.equal(mode, process.env.WHALESONG_MODE);
  assert.equal(useCassette, whalesong.useCassette);
});
