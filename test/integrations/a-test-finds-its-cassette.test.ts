import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { CassetteRegistry, resolveCassettePath } from "../../src/integrations/test-cassette.ts";

describe("a cassette lies beside its test and is named after it", () => {
  test.each([
    ["/t/images.test.ts", ["pull"], "/t/__cassettes__/images/pull.yaml"],
    ["/t/images.spec.js", ["images", "pull"], "/t/__cassettes__/images/images--pull.yaml"],
    ["/t/images.mjs", ["says how far it is"], "/t/__cassettes__/images/says-how-far-it-is.yaml"],
    ["/t/images-test.cts", ["a/b: c?"], "/t/__cassettes__/images/a-b-c.yaml"],
    ["/t/images.test.ts", ["../../etc/passwd"], "/t/__cassettes__/images/etc-passwd.yaml"],
    ["/t/images.test.ts", ["Wäl", "鯨"], "/t/__cassettes__/images/Wäl--鯨.yaml"],
  ])("%s %j", (file, names, path) => {
    expect(resolveCassettePath(file, names)).toBe(path);
    expect(resolveCassettePath(pathToFileURL(file), names)).toBe(path);
  });

  test("a long name is cut and gets a digest, and so does a name without any letters", () => {
    const [one, two] = ["x".repeat(300), `${"x".repeat(299)}y`].map((name) =>
      resolveCassettePath("/t/a.test.ts", [name]),
    );
    expect(one).toMatch(/\/x{91}-[0-9a-f]{8}\.yaml$/);
    expect(two).not.toBe(one);
    expect(resolveCassettePath("/t/a.test.ts", ["???"])).toMatch(/\/-[0-9a-f]{8}\.yaml$/);
  });

  test.each(["CON", "nul", "com1", "Aux.x"])("%s, which Windows takes for a device, gets a digest", (name) => {
    expect(resolveCassettePath("/t/a.test.ts", [name])).toMatch(/\/[\w.]+-[0-9a-f]{8}\.yaml$/);
    expect(resolveCassettePath("/t/a.test.ts", [`s${name}`])).toBe(`/t/__cassettes__/a/s${name}.yaml`);
  });
});

test("two tests do not share one; a test that is tried again keeps its own", () => {
  const shelf = new CassetteRegistry();
  expect(shelf.reserve("/a.yaml", "one")).toBe("/a.yaml");
  expect(shelf.reserve("/a.yaml", "one")).toBe("/a.yaml");
  expect(() => shelf.reserve("/a.yaml", "two")).toThrow(expect.objectContaining({ code: "WHALESONG_CASSETTE_TAKEN" }));
});

test.each([
  ["lists all", "Lists All"],
  ["wäl", "WÄL"],
])("%s and %s are one cassette to a file system that ignores case: that is said everywhere", (one, other) => {
  const registry = new CassetteRegistry();
  const reserve = (name: string): string => registry.reserve(resolveCassettePath("/t/a.test.ts", [name]), name);
  reserve(one);
  expect(() => reserve(other)).toThrow(/because of their names \(capital letters do not count/);
});
