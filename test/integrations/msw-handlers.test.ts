/** What is msw's own of `whalesong/msw`. */
import Docker from "dockerode";
import { type HttpHandler, HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { expect, expectTypeOf, onTestFinished, test, vi } from "vitest";
import { type CassetteHandlers, createHandlers, type PlaybackOptions } from "../../src/integrations/msw.ts";
import type { ReplayReport } from "../../src/replay/report.ts";
import { goldenPath } from "../golden/cassettes.ts";
import { connectOverMsw, NOWHERE } from "./library-transports.ts";

test("the types are what msw takes, and nothing vaguer", () => {
  expectTypeOf(createHandlers).parameters.toEqualTypeOf<
    [cassettes: string | readonly string[], options?: PlaybackOptions | undefined]
  >();
  expectTypeOf(createHandlers).returns.toEqualTypeOf<CassetteHandlers>();
  expectTypeOf<CassetteHandlers[number]>().toEqualTypeOf<HttpHandler>();
  expectTypeOf<CassetteHandlers["report"]>().toEqualTypeOf<() => ReplayReport>();
  expectTypeOf<CassetteHandlers["done"]>().toEqualTypeOf<() => void>();
  expectTypeOf<CassetteHandlers["rewind"]>().toEqualTypeOf<() => Promise<void>>();
  expectTypeOf<PlaybackOptions["onUnsupported"]>().toEqualTypeOf<"warn" | "throw" | "allow" | undefined>();
  expectTypeOf(setupServer).toBeCallableWith(...createHandlers(goldenPath("ping")));
});

test("handlers behind it answer for other hosts", async () => {
  const other = http.get("http://registry.example/v2/", () => HttpResponse.json({ is: "another" }));
  const server = setupServer(...createHandlers(goldenPath("ping")), other);
  server.listen();
  onTestFinished(() => server.close());
  expect(await (await fetch("http://registry.example/v2/")).json()).toEqual({ is: "another" });
  expect(await (await fetch("http://localhost/_ping")).text()).toBe("OK");
});

test("it can be put before others for one test", async () => {
  const server = setupServer(http.get("http://localhost/_ping", () => HttpResponse.text("not this")));
  server.listen();
  onTestFinished(() => server.close());
  server.use(...createHandlers(goldenPath("ping")));
  expect(await (await fetch("http://localhost/_ping")).text()).toBe("OK");
  server.resetHandlers();
  expect(await (await fetch("http://localhost/_ping")).text()).toBe("not this");
});

test("the head of a stream does not wait for its body", async () => {
  const road = connectOverMsw(goldenPath("events"));
  onTestFinished(() => road.leave());
  const events = await new Docker({ socketPath: NOWHERE, version: "v1.41" }).getEvents({
    filters: { type: ["container"] },
  });
  expect(events).toMatchObject({ statusCode: 200 });
  (events as unknown as { destroy(): void }).destroy();
});

test("what cannot be carried is named at once, or is an error at once", () => {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  onTestFinished(() => warned.mockRestore());
  const path = goldenPath("errors");
  const named = expect.stringMatching(
    /^msw does not support[\s\S]*errors\.yaml:\d+ {2}POST .*\/start\nwhalesong\/intercept/,
  );
  createHandlers(path);
  expect(warned).toHaveBeenCalledExactlyOnceWith(named, { code: "WHALESONG_NOT_CARRIED", type: "WhalesongWarning" });
  expect(() => createHandlers(path, { onUnsupported: "throw" })).toThrow(
    expect.objectContaining({ name: "UsageError", code: "WHALESONG_NOT_CARRIED", message: named }),
  );
  createHandlers(path, { onUnsupported: "allow" });
  createHandlers(goldenPath("pull"));
  expect(warned).toHaveBeenCalledOnce();
});

test("a cassette that is not there is an error at once", () => {
  expect(() => createHandlers("/nonexistent/run.yaml")).toThrow(
    expect.objectContaining({ code: "WHALESONG_NO_CASSETTE" }),
  );
});
