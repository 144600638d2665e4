import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type MockDocker, mockDocker } from "../../src/integrations/mock.ts";
import { type Example, ExampleProject } from "./example-project.ts";
import { type PublicFunction, type PublicOption, publicFunctions, publicOptions } from "./public-functions.ts";

const functions = publicFunctions();
let docker: MockDocker;
let project: ExampleProject;
/** What went wrong with each example. */
let problems: ReadonlyMap<Example, string | undefined>;
const examples = functions.flatMap((owner) => owner.examples.map((code): Example => ({ owner, code })));
const failing = ['throw new Error("as it should");', "setInterval(() => undefined, 1000);"].map(
  (code): Example => ({ owner: functions[0] as PublicFunction, code }),
);

beforeAll(async () => {
  docker = await mockDocker();
  project = new ExampleProject(docker.url);
  problems = await project.run([...examples, ...failing]);
}, 180_000);

afterAll(async () => {
  project.remove();
  await docker.stop();
});

test("an example that fails is found", async () => {
  expect(failing.map((example) => problems.get(example))).toEqual([
    expect.stringContaining("as it should"),
    expect.stringContaining("holds open: "),
  ]);
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

  test.each(functions)("$entry $name has an example that runs", (one) => {
    const own = examples.filter(({ owner }) => owner === one);
    expect(own).not.toEqual([]);
    for (const example of own) {
      expect(problems.has(example)).toBe(true);
      expect(problems.get(example)).toBeUndefined();
    }
  });
});
