/** No compiler looks at JavaScript: what a function does not know is refused before anything is done. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WhalesongError } from "../../src/base/errors.ts";
import * as core from "../../src/core.ts";
import * as root from "../../src/index.ts";
import { withCassette } from "../../src/integrations/jest.ts";
import { JestCassetteReporter } from "../../src/integrations/jest-reporter.ts";
import * as mock from "../../src/integrations/mock.ts";
import { createHandlers } from "../../src/integrations/msw.ts";
import { createScopes } from "../../src/integrations/nock.ts";
import { cassetteTest as nodeCassetteTest } from "../../src/integrations/node-test.ts";
import { cassetteTest as vitestCassetteTest } from "../../src/integrations/vitest.ts";
import { cassettePlugin } from "../../src/integrations/vitest-plugin.ts";
import { createTemporaryFolder } from "../io/temporary.ts";

/** As JavaScript calls them. */
type AnyFunction = (...args: readonly unknown[]) => unknown;
const call = (callee: unknown, ...args: readonly unknown[]) => (callee as AnyFunction)(...args);
const work = (): never => expect.fail("the work runs");

const useCassette = (options: unknown) => call(root.useCassette, "x.yaml", options, work);
const mockDocker = (options: unknown) => call(mock.mockDocker, options);
const createEngine = (options: object) => call(mock.createEngine, { clock: core.systemClock, startMs: 0, ...options });
const replay = (options: object) => call(root.replayCassettes, { cassettes: ["x.yaml"], ...options });
const record = (options: object) =>
  call(root.record, { cassette: "x.yaml", upstream: "tcp://127.0.0.1:1", ...options });
const daemon = async (): Promise<void> => undefined;
const report = (options: unknown) => new JestCassetteReporter({}, options as never);

const CASSETTE = core.openCassette(Buffer.from("whalesong: 1\n"), "x.yaml");
const RECORDING = { clock: core.systemClock, store: {}, recorded: { at: "", by: "" }, warn: () => undefined };

describe("an option of a name that the function does not know", () => {
  test.each<[name: string, act: () => unknown, message: string]>([
    [
      "useCassette",
      () => useCassette({ mod: "replay" }),
      "`useCassette` has no option `mod` (did you mean `mode`?); expected some of `mode`, `upstream`",
    ],
    [
      "a flag",
      () => useCassette({ allowUnplayed: true }),
      "`useCassette` has no option `allowUnplayed` (did you mean `allowsUnplayed`?)",
    ],
    ["of rules", () => useCassette({ ignore: [] }), "`useCassette` has no option `ignore` (it belongs in `rules`); "],
    ["of another function", () => useCassette({ faults: "nofile.yaml" }), "`useCassette` has no option `faults`"],
    [
      "in rules",
      () => useCassette({ rules: { ignor: [] } }),
      "the option `rules` of `useCassette` has no member `ignor` (did you mean `ignore`?); expected some of `ignore`",
    ],
    ["insertCassette", () => call(root.insertCassette, "x.yaml", { mod: 1 }), "`insertCassette` has no option `mod`"],
    ["vitest", () => call(vitestCassetteTest, { mod: 1 }), "`cassetteTest` has no option `mod`"],
    ["node:test", () => call(nodeCassetteTest, "x.test.js", { mod: 1 }), "`cassetteTest` has no option `mod`"],
    ["jest", () => call(withCassette, work, { mod: 1 }), "`withCassette` has no option `mod`"],
    [
      "vitest's plugin",
      () => call(cassettePlugin, { failOnObsolete: true }),
      "`cassettePlugin` has no option `failOnObsolete` (did you mean `failsOnObsolete`?)",
    ],
    [
      "jest's reporter",
      () => report({ failOnObsolete: true }),
      "`whalesong/jest-reporter` has no option `failOnObsolete`",
    ],
    [
      "msw",
      () => call(createHandlers, "x.yaml", { origins: "" }),
      "`createHandlers` has no option `origins` (did you mean `origin`?)",
    ],
    [
      "nock",
      () => call(createScopes, "x.yaml", { isStrikt: true }),
      "`createScopes` has no option `isStrikt` (did you mean `isStrict`?)",
    ],
    ["record", () => record({ redakt: [] }), "`record` has no option `redakt` (did you mean `redact`?)"],
    [
      "createRecordService",
      () => call(core.createRecordService, { cassete: "x" }),
      "`createRecordService` has no option `cassete`",
    ],
    [
      "replayCassettes",
      () => replay({ fault: "x" }),
      "`replayCassettes` has no option `fault` (did you mean `faults`?)",
    ],
    [
      "createReplayService",
      () => call(core.createReplayService, { cassette: "x" }),
      "`createReplayService` has no option `cassette` (did you mean `cassettes`?)",
    ],
    [
      "intercept",
      () => call(core.intercept, daemon, { onerror: work }),
      "`intercept` has no option `onerror` (did you mean `onError`?)",
    ],
    [
      "listen",
      () => call(core.listen, "tcp://127.0.0.1:0", daemon, { tlss: {} }),
      "`listen` has no option `tlss` (did you mean `tls`?)",
    ],
    [
      "createEngine",
      () => createEngine({ isTiking: true }),
      "`createEngine` has no option `isTiking` (did you mean `isTicking`?)",
    ],
    [
      "Deck",
      () => new core.Deck(CASSETTE, { pieces: work, strict: true } as never),
      "`Deck` has no option `strict` (did you mean `isStrict`?)",
    ],
    ["Deck without sidecars", () => new core.Deck(CASSETTE, {} as never), "`Deck` needs the option `pieces`"],
    [
      "replay",
      () => call(core.replay, () => [], { clock: core.systemClock, tempoo: 1 }),
      "`replay` has no option `tempoo` (did you mean `tempo`?)",
    ],
    [
      "injectFaults",
      () => call(core.injectFaults, new core.FaultSet([]), { clock: core.systemClock, random: 4, refuse: work }),
      "the option `random` of `injectFaults` must be a function, got the number 4",
    ],
    [
      "Recording",
      () => new core.Recording({ ...RECORDING, contextss: "files" } as never),
      "`Recording` has no option `contextss` (did you mean `contexts`?)",
    ],
    [
      "the redaction of a Recording",
      () => new core.Recording({ ...RECORDING, redaction: { rule: [] } } as never),
      "the option `redaction` of `Recording` has no member `rule` (did you mean `rules`?)",
    ],
    [
      "mockDocker",
      () => mockDocker({ container: [] }),
      "`mockDocker` has no option `container` (did you mean `containers`?)",
    ],
    [
      "of a registry",
      () => mockDocker({ hasAnyImage: true }),
      "`mockDocker` has no option `hasAnyImage` (it belongs in `registry`)",
    ],
    [
      "in the registry",
      () => mockDocker({ registry: { anyImage: true } }),
      "the option `registry` of `mockDocker` has no member `anyImage`",
    ],
  ])("%s", async (_name, act, message) => {
    const error = await catchFailure(act);
    expect(error).toMatchObject({ name: "UsageError", code: "WHALESONG_BAD_OPTION" });
    expect(error.message.slice(0, message.length)).toBe(message);
  });
});

describe("an option of another value", () => {
  test.each<[act: () => unknown, message: string]>([
    [
      () => useCassette({ tempo: "fast" }),
      'the option `tempo` of `useCassette` must be the result of `parseTempo`, such as `parseTempo("2x")`, got `fast`',
    ],
    [
      () => useCassette({ empty: "kep" }),
      "the option `empty` of `useCassette` must be one of `keep`, `keep-new`, `refuse`, got `kep` (did you mean `keep`?)",
    ],
    [
      () => useCassette({ allowsUnplayed: "no" }),
      "the option `allowsUnplayed` of `useCassette` must be true or false, got `no`",
    ],
    [
      () => useCassette({ intercept: "/x.sock" }),
      "the option `intercept` of `useCassette` must be a list of texts, got `/x.sock`",
    ],
    [
      () => useCassette({ upstream: Promise.resolve() }),
      "the option `upstream` of `useCassette` must be an address such as `unix:///var/run/docker.sock`, or the result of `parseUpstream` or `mockDocker`, got a promise (is an `await` missing?)",
    ],
    [() => useCassette({ rules: { exact: ["tar"] } }), "the option `rules.exact[0]` of `useCassette` must be one of"],
    [
      () => useCassette({ redact: [1] }),
      "the option `redact[0]` of `useCassette` must be a text, a regular expression or a function, got the number 1",
    ],
    [() => useCassette({ mode: null, warn: true }), "the option `mode` of `useCassette` must be one of"],
    [() => useCassette({ warn: true }), "the option `warn` of `useCassette` must be a function, got `true`"],
    [() => useCassette("replay"), "`useCassette` takes an object of options, got `replay`"],
    [() => call(root.useCassette, "x.yaml"), "the argument `work` of `useCassette` must be a function, got nothing"],
    [
      () => call(root.useCassette, "x.yaml", {}),
      "the argument `work` of `useCassette` must be a function, got nothing",
    ],
    [
      () => call(root.useCassette, undefined, work),
      "the argument `path` of `useCassette` must be a path, or a `file:` URL, got nothing",
    ],
    [
      () => call(root.useCassette, new URL("http://x/y"), work),
      "the argument `path` of `useCassette` must be a path, or a `file:` URL, got an object",
    ],
    [
      () => call(root.insertCassette, ""),
      "the argument `path` of `insertCassette` must be a path, or a `file:` URL, got an empty text",
    ],
    [() => call(withCassette, {}, work), "the argument `body` of `withCassette` must be a function, got an object"],
    [
      () => call(nodeCassetteTest, { mode: "replay" }),
      "the argument `testFile` of `cassetteTest` must be a path, or a `file:` URL, got an object",
    ],
    [
      () => call(createHandlers, undefined),
      "the argument `cassettes` of `createHandlers` must be the path of a cassette, or a list of them, got nothing",
    ],
    [
      () => call(createScopes, "x.yaml", { onUnsupported: "warning" }),
      "the option `onUnsupported` of `createScopes` must be one of `warn`, `throw`, `allow`, got `warning`",
    ],
    [() => call(root.record, {}), "`record` needs the option `cassette`"],
    [
      () => call(root.replayCassettes, { cassettes: "x.yaml" }),
      "the option `cassettes` of `replayCassettes` must be a list of paths, got `x.yaml`",
    ],
    [
      () => replay({ onMiss: "mock" }),
      "the option `onMiss` of `replayCassettes` must be an object with `passTo` or `mock`, got `mock`",
    ],
    [
      () => replay({ onMiss: { passto: "x" } }),
      "the option `onMiss` of `replayCassettes` has no member `passto` (did you mean `passTo`?)",
    ],
    [() => call(core.intercept, {}), "the argument `daemon` of `intercept` must be a function, got an object"],
    [() => mockDocker({ engine: "29" }), "the option `engine` of `mockDocker` must be one of `20.10`, `28`, got `29`"],
    [() => mockDocker({ now: "yesterday" }), "the option `now` of `mockDocker` must be a valid `Date`"],
    [() => mockDocker({ now: new Date("yesterday") }), "the option `now` of `mockDocker` must be a valid `Date`"],
    [() => mockDocker("web"), "`mockDocker` takes an object of options, got `web`"],
    [() => mockDocker({ pages: [] }), "the option `pages` of `mockDocker` must be a map of pages by URL, got a list"],
    [() => createEngine({ clock: undefined }), "`createEngine` needs the option `clock`"],
  ])("%#", async (act, message) => {
    const error = await catchFailure(act);
    expect(error).toMatchObject({ name: "UsageError" });
    expect(error.message.slice(0, message.length)).toBe(message);
  });
});

describe("a state or a behaviour in code", () => {
  test.each<[state: object, code: string, message: string]>([
    [
      { containers: [{ nme: "a" }] },
      "STATE",
      "the option `containers[0]` of `mockDocker` has no member `nme` (did you mean `name`?)",
    ],
    [{ containers: [{ name: "a" }] }, "STATE", "the option `containers[0]` of `mockDocker` must have `image`"],
    [
      { containers: {} },
      "STATE",
      "the option `containers` of `mockDocker` must be a list of containers, got an object",
    ],
    [
      { containers: [{ name: "a", image: "b", state: "runing" }] },
      "STATE",
      "the option `containers[0].state` of `mockDocker` must be one of `created`, `running`, `paused`, `restarting`, `exited`, `dead`, `removing`, got `runing` (did you mean `running`?)",
    ],
    [
      { containers: [{ name: "a", image: "b", env: { A: 1 } }] },
      "STATE",
      "the option `containers[0].env.A` of `mockDocker` must be a text, got the number 1",
    ],
    [
      { containers: [{ name: "a", image: "b", logs: [{ stdout: "x" }] }] },
      "STATE",
      "the option `containers[0].logs[0]` of `mockDocker` has no member `stdout`",
    ],
    [{ images: [{}] }, "STATE", "the option `images[0]` of `mockDocker` must have `name`"],
    [
      { images: [1] },
      "STATE",
      "the option `images[0]` of `mockDocker` must be an image: its name, or an object, got the number 1",
    ],
    [
      { images: [{ name: "a", tar: "x" }] },
      "STATE",
      "the option `images[0].tar` of `mockDocker` must be bytes, got `x`",
    ],
    [{ volumes: [{}] }, "STATE", "the option `volumes[0]` of `mockDocker` must have `name`"],
    [
      { networks: [{ name: "n", internl: true }] },
      "STATE",
      "the option `networks[0]` of `mockDocker` has no member `internl`",
    ],
    [
      { behaviours: [{ imag: "x" }] },
      "BEHAVIOURS",
      "the option `behaviours[0]` of `mockDocker` has no member `imag` (did you mean `image`?)",
    ],
    [
      { behaviours: "nofile.yaml" },
      "BEHAVIOURS",
      "the option `behaviours` of `mockDocker` must be a list of behaviours (`readBehaviours` reads those of a file), got `nofile.yaml`",
    ],
    [
      { behaviours: [{ exit: 1 }] },
      "BEHAVIOURS",
      "the option `behaviours[0]` of `mockDocker` must be one that says whose it is: `image`, `container` or `command`, got an object",
    ],
    [
      { behaviours: [{ image: "a", does: "echo" }] },
      "BEHAVIOURS",
      "the option `behaviours[0].does` of `mockDocker` must be a list of steps, or a function, got `echo`",
    ],
    [
      { behaviours: [{ image: "a", does: [{ wait: "1s" }] }] },
      "BEHAVIOURS",
      "the option `behaviours[0].does[0]` of `mockDocker` has no member `wait` (did you mean `waitMs`?)",
    ],
    [
      { behaviours: [{ image: "a", ports: { 80: "ecco" } }] },
      "BEHAVIOURS",
      'the option `behaviours[0].ports["80"]` of `mockDocker` must be one of `echo`, `silent`, `closes`, got `ecco` (did you mean `echo`?)',
    ],
    [
      { behaviours: [{ image: "a", exit: 256 }] },
      "BEHAVIOURS",
      "the option `behaviours[0].exit` of `mockDocker` must be a number from 0 to 255, or `oom`, got the number 256",
    ],
  ])("%j", async (state, code, message) => {
    const error = await catchFailure(() => mockDocker(state));
    expect(error).toMatchObject({ name: "UsageError", code: `WHALESONG_BAD_${code}` });
    expect(error.message.slice(0, message.length)).toBe(message);
  });

  test("is refused where it is added, too", async () => {
    const docker = await mock.mockDocker({ inProcess: ["/x/docker.sock"] });
    onTestFinished(() => docker.stop());
    const adding = (): unknown => call(docker.add.bind(docker), { containers: [{ name: "a" }] });
    expect((await catchFailure(adding)).message).toBe("the option `containers[0]` of `add` must have `image`");
    const addingOne = (): unknown => call(docker.containers.add.bind(docker.containers), { name: "a", imag: "b" });
    expect((await catchFailure(addingOne)).message).toContain("has no member `imag` (did you mean `image`?)");
  });

  test("so is what an assertion does not know: it would hold for too many calls", async () => {
    const { calls, stop } = await openDocker();
    const expecting = (): unknown => call(calls.expect.bind(calls), "ContainerList", { tims: 2 });
    expect((await catchFailure(expecting)).message).toBe(
      "`calls.expect` has no option `tims` (did you mean `times`?); expected some of `name`, `body`, `query`, `status`, `times`",
    );
    expect((await catchFailure(() => call(calls.of.bind(calls), "ContainerList", { nam: "web" }))).message).toContain(
      "`calls.of` has no option `nam` (did you mean `name`?)",
    );
    await stop();
  });

  test("is refused behind a replay", async () => {
    const path = writeCassette();
    const acting = (): unknown => replay({ cassettes: [path], onMiss: { mock: { container: [] } } });
    expect((await catchFailure(acting)).message).toContain(
      "the option `onMiss.mock` of `replayCassettes` has no member `container` (did you mean `containers`?)",
    );
  });
});

test.each([
  ["useCassette", (path: string) => call(root.useCassette, path, { mode: "replai" }, work)],
  ["insertCassette", (path: string) => call(root.insertCassette, path, { mode: "replai" })],
  ["cassetteTest", () => call(vitestCassetteTest, { mode: "replai" })],
  ["withCassette", () => call(withCassette, work, { mode: "replai" })],
])("a misspelt mode of %s touches neither daemon nor cassette", async (name, act) => {
  vi.stubEnv("WHALESONG_UPSTREAM", "tcp://127.0.0.1:1");
  onTestFinished(() => void vi.unstubAllEnvs());
  const path = writeCassette();
  const before = readFileSync(path, "utf8");
  const error = await catchFailure(() => act(path));
  expect(error).toMatchObject({ name: "UsageError", code: "WHALESONG_BAD_MODE" });
  expect(error.message).toBe(
    `the option \`mode\` of \`${name}\` must be one of \`once\`, \`replay\`, \`none\`, \`append\`, \`new_episodes\`, \`record\`, \`rewrite\`, \`all\`, \`passthrough\`, got \`replai\` (did you mean \`replay\`?)`,
  );
  expect([readFileSync(path, "utf8"), existsSync(`${path}.lock`)]).toEqual([before, false]);
});

test("a mode that is none is refused where it is resolved, and in the environment", async () => {
  const resolve = (await import("../../src/integrations/intercept.ts")).resolveMode;
  expect((await catchFailure(() => call(resolve, "replai", true))).message).toContain("did you mean `replay`?");
  const { readMode } = await import("../../src/integrations/intercept.ts");
  const error = await catchFailure(() => readMode({ WHALESONG_MODE: "replai" }));
  expect(error.message).toMatch(/^WHALESONG_MODE must be one of `once`, .*got `replai` \(did you mean `replay`\?\)$/);
});

test("undefined is as good as nothing, and values may be of another realm", async () => {
  const path = writeCassette();
  const foreign = runInNewContext("({ redact: [/a/], rules: { ignore: ['query.t'] }, declaredAt: new Error() })");
  const options = { mode: "replay", allowsUnplayed: true, tempo: undefined, rules: undefined, warn: undefined };
  expect(await call(root.useCassette, path, { ...options, ...foreign }, () => 1)).toBe(1);
  expect(await call(root.useCassette, path, undefined, ({ eject }: { eject: unknown }) => typeof eject)).toBe(
    "function",
  );
  const now = runInNewContext("new Date(0)");
  const behaviours = [{ image: "a", does: () => 0, ports: { 80: daemon, 81: { http: { "/x": { status: 200 } } } } }];
  const docker = (await mockDocker({
    inProcess: ["/y/docker.sock"],
    now,
    engine: undefined,
    behaviours,
  })) as mock.MockDocker;
  await docker.stop();
});

async function openDocker(): Promise<{ readonly calls: mock.CallLog; readonly stop: () => Promise<void> }> {
  const docker = await mock.mockDocker({ inProcess: ["/z/docker.sock"] });
  return { calls: docker.calls, stop: () => docker.stop() };
}

function writeCassette(): string {
  const path = join(createTemporaryFolder(), "x.yaml");
  writeFileSync(path, "whalesong: 1\n---\nrequest: GET /_ping\nresponse:\n  status: 200 OK\n  text: OK\n");
  return path;
}

async function catchFailure(act: () => unknown): Promise<Error> {
  try {
    await act();
  } catch (error) {
    expect(error).toBeInstanceOf(WhalesongError);
    return error as Error;
  }
  return expect.fail("nothing is refused");
}
