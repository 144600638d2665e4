import { Agent, get } from "node:http";
import { Socket } from "node:net";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { expect, onTestFinished, test } from "vitest";
import {
  type Interception,
  type InterceptOptions,
  intercept,
  runInScope,
  withoutInterception,
} from "../../../src/io/intercept/intercept.ts";
import { PoolNames } from "../../../src/io/intercept/pool-names.ts";
import type { InterceptionTarget } from "../../../src/io/intercept/registry.ts";
import { connect } from "../../../src/io/upstream/connect.ts";
import { createWhale, requestName } from "./whale.ts";

const PATH = "/nowhere/docker.sock";

test("in a scope, what was made there answers; the innermost first", async () => {
  on("everybody's");
  await runInScope(async () => {
    on("outer");
    expect(await requestName(PATH)).toBe("outer");
    await runInScope(async () => {
      expect(await requestName(PATH)).toBe("outer");
      on("inner");
      expect(await requestName(PATH)).toBe("inner");
    });
    expect(await requestName(PATH)).toBe("outer");
  });
  expect(await requestName(PATH)).toBe("everybody's");
});

test("outside of scopes the later one is in front of the earlier one, until it is closed", async () => {
  on("first");
  const second = on("second");
  expect(await requestName(PATH)).toBe("second");
  await second.close();
  await second.close();
  expect(await requestName(PATH)).toBe("first");
});

test("one interception outside of scopes answers all; two of one address are ambiguous", async () => {
  const one = on("one", { isAlone: true });
  expect(await requestName(PATH)).toBe("one");
  const two = on("two", { isAlone: true, at: [PATH, "/nowhere/two.sock"] });
  await expect(requestName(PATH)).rejects.toMatchObject({ code: "WHALESONG_AMBIGUOUS_CASSETTE" });
  expect(await requestName("/nowhere/two.sock")).toBe("two");
  expect(await one.run(() => requestName(PATH))).toBe("one");
  expect(await two.run(() => requestName(PATH))).toBe("two");
});

test("outside, and by whalesong's own connections, what is really there is reached", async () => {
  on("everybody's");
  await expect(withoutInterception(() => requestName(PATH))).rejects.toMatchObject({ code: "ENOENT" });
  await expect(connect({ kind: "unix", path: PATH })).rejects.toMatchObject({ cause: { code: "ENOENT" } });
});

test("fifty at once, with one agent and one dockerode, are answered each by its own", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 2, maxTotalSockets: 20 });
  onTestFinished(() => agent.destroy());
  const docker = new Docker({ socketPath: PATH });
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, number) =>
      runInScope(async () => {
        on(`whale ${number}`);
        const heard = new Set<string>();
        for (let round = 0; round < 5; round += 1) {
          const together = [
            requestName(PATH, { agent }),
            requestName(PATH, { agent }),
            requestName(PATH, { agent }),
            requestName(PATH),
          ];
          for (const answer of [...(await Promise.all(together)), String(await docker.ping())]) heard.add(answer);
        }
        return [...heard];
      }),
    ),
  );
  expect(answers).toEqual(answers.map((_, number) => [`whale ${number}`]));
});

test("a pooled connection is not handed on to the next scope, nor to the world", async () => {
  const agent = new Agent({ keepAlive: true });
  const reused: boolean[] = [];
  const ask = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const asking = get({ socketPath: PATH, agent }, (answer) => text(answer).then(resolve, reject));
      asking.on("error", reject).on("socket", () => reused.push(asking.reusedSocket));
    });
  const first = on("first");
  expect([await ask(), await ask()]).toEqual(["first", "first"]);
  const second = on("second");
  expect(await ask()).toBe("second");
  expect(reused).toEqual([false, true, false]);
  await Promise.all([first.close(), second.close()]);
  await expect(ask()).rejects.toMatchObject({ code: "ENOENT" });
  expect(Object.keys(agent.freeSockets)).toEqual([]);
});

test.each([
  ["", (options: object) => options],
  [", and are frozen", Object.freeze],
])("options that an agent passes on again and again%s belong to no interception", async (_, prepare) => {
  const inner = new Agent({ keepAlive: true }) as Agent & { addRequest(request: unknown, options: object): void };
  onTestFinished(() => inner.destroy());
  const options = prepare({ socketPath: PATH, path: PATH });
  const agent = { addRequest: (request: unknown) => inner.addRequest(request, options) };
  const ask = (): Promise<string> => requestName(PATH, { agent });
  const first = on("first");
  expect([await ask(), await ask()]).toEqual(["first", "first"]);
  on("second");
  expect(await ask()).toBe("second");
  expect(await first.run(ask)).toBe("first");
});

test("names of pools differ by address and by interception, also for copies of a connection's options", () => {
  const names = new PoolNames();
  const [one, other] = [1, 2].map((id) => ({ id }) as InterceptionTarget) as [InterceptionTarget, InterceptionTarget];
  const ofConnection = { _agentKey: "a:whalesong-1" };
  const rows: readonly (readonly [options: object, target: InterceptionTarget, plain: string, name: string])[] = [
    [{}, one, "a", "a:whalesong-1"],
    [{}, one, "b", "b:whalesong-1"],
    [{}, other, "a", "a:whalesong-2"],
    [ofConnection, one, "a", "a:whalesong-1"],
    [ofConnection, one, "is not computed again", "a:whalesong-1"],
    [{ ...ofConnection }, one, "b", "b:whalesong-1"],
  ];
  for (const [options, target, plain, name] of rows) expect(names.find(options, target, () => plain)).toBe(name);
  const many = Array.from({ length: 200 }, (_, at) => names.find({}, one, () => `${at}`));
  expect(many).toEqual(many.map((_, at) => `${at}:whalesong-1`));
});

test("listeners are called in the context in which the connection was opened", async () => {
  await runInScope(async () => {
    on("inner");
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = new Socket().connect(PATH);
      socket.once("connect", () => socket.write("GET / HTTP/1.1\r\nHost: d\r\n\r\n"));
      // A connection that is opened here belongs to this scope, whatever makes the data arrive.
      socket.once("data", () => {
        socket.destroy();
        requestName(PATH).then(resolve, reject);
      });
    });
    expect(answer).toBe("inner");
  });
});

function on(name: string, options: InterceptOptions = {}): Interception {
  const interception = intercept(createWhale(name), { at: [PATH], ...options });
  onTestFinished(() => interception.close());
  return interception;
}
