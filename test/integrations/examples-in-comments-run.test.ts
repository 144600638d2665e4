import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MockDocker, mockDocker } from "../../src/integrations/mock.ts";
import { ExampleProject } from "./example-project.ts";
import { publicFunctions } from "./public-functions.ts";

const functions = publicFunctions();
let docker: MockDocker;
let project: ExampleProject;

beforeAll(async () => {
  docker = await mockDocker();
  project = new ExampleProject(docker.url);
});

afterAll(async () => {
  project.remove();
  await docker.stop();
});

describe("every public function", () => {
  test("is found", () => {
    expect(functions.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["useCassette", "mockDocker", "createDaemon", "withCassette", "createScopes", "test"]),
    );
  });

  test.each(functions)("$entry $name says what it does", ({ comment }) => {
    expect(comment).toMatch(/^(?!@).+\.|^(?!@).+\n/);
  });

  test.each(functions.flatMap((one) => [{ ...one, count: one.examples.length }]))(
    "$entry $name has an example that runs",
    async (one) => {
      expect(one.count).toBeGreaterThan(0);
      for (const example of one.examples) expect(await project.run(one, example)).toBeUndefined();
    },
  );
});
