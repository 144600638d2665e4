const Docker = require("dockerode");
const whalesong = require("whalesong");
const { useCassette, withCassette } = require("whalesong/jest");

test(
  "has a cassette",
  withCassette(async () => {
    const container = await new Docker().createContainer({ Image: "busybox", name: "whale" });
    const [{ Names }] = await new Docker().listContainers({ all: true });
    await container.remove();
    expect(Names).toEqual(["/whale"]);
  }),
);

test("the entries are of one copy", async () => {
  expect(useCassette).toBe(whalesong.useCassette);
  await expect(whalesong.importFile("nothing.json", "x.yaml")).rejects.toBeInstanceOf(whalesong.EnvironmentError);
});
