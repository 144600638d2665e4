import { describe, expect, test } from "vitest";
import { loadLate } from "../../scripts/package/load-late.js";

/**
 * Runs what the bundler would write, and tells what was loaded until `use` was called and afterwards; the latter by
 * Node's own way, which knows no mocks.
 */
function runChunk(chunk: string): {
  readonly early: readonly string[];
  readonly late: readonly string[];
  value: unknown;
} {
  const [required, loaded]: [string[], string[]] = [[], []];
  const loadBy = (count: string[]) => (name: string) => {
    count.push(name);
    return process.getBuiltinModule(name as "node:vm");
  };
  const run = new Function("require", "process", "__toESM", `${loadLate(chunk)}\nreturn use;`);
  const use = run(loadBy(required), { getBuiltinModule: loadBy(loaded) }, toModule) as () => unknown;
  const early = [...required, ...loaded];
  const value = use();
  return { early, late: loaded, value };
}

/** As a bundler wraps a module that is used as a whole. */
function toModule(module: object): object {
  return { ...module, default: module };
}

describe("a module of Node that a bundle seldom needs", () => {
  test.each([
    ["a function of it", 'let node_os = require("node:os");\nconst use = () => node_os.platform();', process.platform],
    [
      "its function, without a this",
      'let node_os = require("node:os");\nconst use = () => (0, node_os.platform)();',
      process.platform,
    ],
    [
      "an instance of its class",
      'let node_vm = require("node:vm");\nconst use = () => new node_vm.Script("6 * 7").runInThisContext();',
      42,
    ],
    [
      "an instance of its class, by name only",
      'let node_vm = require("node:vm");\nconst use = () => new node_vm.Script("6") instanceof node_vm.Script;',
      true,
    ],
    [
      "the module as a whole",
      'let node_os = require("node:os");\nnode_os = __toESM(node_os, 1);\nconst use = () => node_os.default.platform();',
      process.platform,
    ],
  ])("is loaded when it is used (%s)", (_, chunk, expected) => {
    const { early, late, value } = runChunk(chunk);
    expect(early).toEqual([]);
    expect(late.length).toBeGreaterThan(0);
    expect(value).toBe(expected);
  });

  test("is required where Node has no other way to it", () => {
    const chunk = loadLate('let node_os = require("node:os");\nconst use = () => node_os.platform();');
    const use = new Function("require", "process", `${chunk}\nreturn use;`)(process.getBuiltinModule, {});
    expect(use()).toBe(process.platform);
  });

  test("is loaded at once where the bundle needs it at once", () => {
    const { early } = runChunk('let node_fs = require("node:fs");\nconst use = () => node_fs.constants.F_OK;');
    expect(early).toEqual(["node:fs"]);
  });

  test("fails the build where it is used in an unknown way", () => {
    const chunk = 'let node_os = require("node:os");\nconst use = () => Object.keys(node_os);';
    expect(() => loadLate(chunk)).toThrow("node_os is used as a whole: const use = () => Object.keys(node_os);");
  });
});
