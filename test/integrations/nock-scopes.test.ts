/** What is nock's own of `whalesong/nock`. */
import nock from "nock";
import { expect, expectTypeOf, onTestFinished, test } from "vitest";
import { type CassetteScopes, createScopes, type PlaybackOptions } from "../../src/integrations/nock.ts";
import { readCassette } from "../../src/io/disk/read-cassette.ts";
import type { ReplayReport } from "../../src/replay/report.ts";
import { goldenPath } from "../golden/cassettes.ts";
import { connectOverNock } from "./library-transports.ts";

function playCassette(cassette: string): ReturnType<typeof connectOverNock> {
  const road = connectOverNock(goldenPath(cassette));
  onTestFinished(() => road.leave());
  return road;
}

test("the types are what nock gives, and nothing vaguer", () => {
  expectTypeOf(createScopes).parameters.toEqualTypeOf<
    [cassettes: string | readonly string[], options?: PlaybackOptions | undefined]
  >();
  expectTypeOf(createScopes).returns.toEqualTypeOf<CassetteScopes>();
  expectTypeOf<CassetteScopes[number]>().toEqualTypeOf<nock.Scope>();
  expectTypeOf<CassetteScopes["report"]>().toEqualTypeOf<() => ReplayReport>();
  expectTypeOf<CassetteScopes["done"]>().toEqualTypeOf<() => void>();
  expectTypeOf<CassetteScopes["rewind"]>().toEqualTypeOf<() => Promise<void>>();
});

test("nock itself has nothing pending: `done` reports what is left out", async () => {
  const { docker } = playCassette("pull");
  const pull = (target: string): Promise<Response> => fetch(`http://localhost${target}`, { method: "POST" });
  expect(nock.isDone()).toBe(true);
  expect(() => docker.done()).toThrow(expect.objectContaining({ code: "WHALESONG_NOT_AS_RECORDED" }));
  createScopes(goldenPath("pull"), { onUnsupported: "allow", allowsUnplayed: true }).done();
  for (const { target } of readCassette(goldenPath("pull")).entries)
    if (target.includes("?")) await (await pull(target)).text();
  docker.done();
  expect(nock.isDone()).toBe(true);
});

test("other scopes answer for other hosts", async () => {
  playCassette("ping");
  nock("http://registry.example").get("/v2/").reply(200, { is: "another" });
  expect(await (await fetch("http://registry.example/v2/")).json()).toEqual({ is: "another" });
});

test("bytes that are no text reach it as they are", async () => {
  const { docker } = playCassette("cp");
  const tar = new Uint8Array(2048).fill(0xff);
  const answer = await fetch("http://localhost/v1.41/containers/web/archive?path=%2F", { method: "PUT", body: tar });
  expect(answer.status).toBe(501);
  expect(docker.report().missed).toMatchObject([{ method: "PUT" }]);
});

test("a head that nock would hold back is named at once", () => {
  const late =
    /^nock does not support[\s\S]*\nnock delays a head[^\n]*\n[^\n]*events\.yaml:\d+ {2}GET \/v1\.41\/events[^\n]*\nwhalesong/;
  expect(() => createScopes(goldenPath("events"), { onUnsupported: "throw" })).toThrow(
    expect.objectContaining({ code: "WHALESONG_NOT_CARRIED", message: expect.stringMatching(late) }),
  );
  nock.cleanAll();
});
