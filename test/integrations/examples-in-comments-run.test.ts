import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MockDocker, mockDocker } from "../../src/integrations/mock.ts";
import { ExampleProject } from "./example-project.ts";
import { type PublicOption, publicFunctions, publicOptions } from "./public-functions.ts";

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

test("an example that fails is found", async () => {
  const [one] = functions;
  if (one === undefined) throw new Error("there is no public function");
  expect(await project.run(one, 'throw new Error("as it should");')).toContain("as it should");
});

describe("every public option", () => {
  const options = publicOptions();

  test("is found", () => {
    expect(options.map(({ owner, name }) => `${owner}.${name}`)).toEqual(
      expect.arrayContaining(["CassetteOptions.mode", "ReplayOptions.tempo", "MockOptions.listen", "RuleInput.bind"]),
    );
  });

  test("says what it is, and its default", () => {
    const isDocumented = ({ isOptional, comment }: PublicOption): boolean =>
      /^(?!@)\S.+/.test(comment) && (!isOptional || /@default|\b[Ww]ithout it\b/.test(comment));
    expect(options.filter((option) => !isDocumented(option)).map(({ owner, name }) => `${owner}.${name}`)).toEqual([]);
  });
});

describe("every public function", () => {
  test("is found", () => {
    expect(functions.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["useCassette", "mockDocker", "createDaemon", "withCassette", "createScopes", "test"]),
    );
  });

  test("says what it does", () => {
    expect(functions.filter(({ comment }) => !/^(?!@).+/.test(comment)).map(({ name }) => name)).toEqual([]);
  });

  test.each(functions)("$entry $name has an example that runs", async (one) => {
    expect(one.examples).not.toEqual([]);
    for (const example of one.examples) expect(await project.run(one, example)).toBeUndefined();
  });
});
