import type { TestContext } from "node:test";
import { expectTypeOf, test } from "vitest";
import type * as root from "../../src/index.ts";
import type { ReplayReport } from "../../src/index.ts";
import type { InsertedCassette } from "../../src/integrations/inserted-cassette.ts";
import type * as interceptEntry from "../../src/integrations/intercept.ts";
import { withCassette } from "../../src/integrations/jest.ts";
import type * as mock from "../../src/integrations/mock.ts";
import type * as nodeTest from "../../src/integrations/node-test.ts";
import type * as vitest from "../../src/integrations/vitest.ts";

test("useCassette gives what its work gives", () => {
  expectTypeOf<typeof root.useCassette>().toEqualTypeOf<typeof interceptEntry.useCassette>();
  expectTypeOf<typeof vitest.useCassette>().toEqualTypeOf<typeof interceptEntry.useCassette>();
  const use = {} as { of: typeof root.useCassette };
  const calls = () =>
    [
      use.of("a.yaml", async () => 1),
      use.of(new URL("file:///a.yaml"), { mode: "once", allowsUnplayed: true }, ({ socketPath }) => socketPath),
    ] as const;
  expectTypeOf(calls).returns.toEqualTypeOf<readonly [Promise<number>, Promise<string>]>();
});

test("a simulated daemon can be recorded from", () => {
  expectTypeOf<mock.MockDocker>().toExtend<root.InProcessDaemon>();
  expectTypeOf<mock.MockDocker>().toExtend<root.CassetteOptions["upstream"]>();
  expectTypeOf<typeof mock.mockDocker>().parameter(0).toEqualTypeOf<mock.MockOptions | undefined>();
});

test("an inserted cassette", () => {
  expectTypeOf<InsertedCassette>().toMatchTypeOf<AsyncDisposable>();
  expectTypeOf<InsertedCassette["mode"]>().toEqualTypeOf<"replay" | "append" | "record" | "passthrough">();
  expectTypeOf<InsertedCassette["recordedAt"]>().toEqualTypeOf<Date>();
  expectTypeOf<Awaited<ReturnType<InsertedCassette["eject"]>>>()
    .extract<{ played: number }>()
    .toEqualTypeOf<ReplayReport>();
  expectTypeOf<InsertedCassette["run"]>().toBeCallableWith(() => "anything");
});

test("vitest's test has a cassette", () => {
  type Body = (context: { readonly cassette: InsertedCassette }) => void;
  expectTypeOf<typeof vitest.test>().toBeCallableWith("a name", (({ cassette }) => void cassette.path) as Body);
  expectTypeOf<typeof vitest.cassetteTest>().parameter(0).toEqualTypeOf<vitest.CassetteOptions | undefined>();
  expectTypeOf<typeof vitest.cassetteTest>().returns.toEqualTypeOf<typeof vitest.test>();
});

test("node:test's test has one behind its context", () => {
  expectTypeOf<nodeTest.CassetteTestBody>().parameters.toEqualTypeOf<[TestContext, InsertedCassette]>();
  expectTypeOf<typeof nodeTest.cassetteTest>().returns.toEqualTypeOf<nodeTest.CassetteTest>();
  expectTypeOf<nodeTest.CassetteTest>().returns.toEqualTypeOf<Promise<void>>();
});

test("jest's is a body that takes the row of a test.each, or nothing", () => {
  expectTypeOf(withCassette(() => undefined)).toEqualTypeOf<() => Promise<void>>();
  expectTypeOf(withCassette((cassette) => cassette.path)).toEqualTypeOf<() => Promise<void>>();
  expectTypeOf(withCassette((name: string, count: number) => [name, count])).parameters.toEqualTypeOf<
    [name: string, count: number]
  >();
  expectTypeOf(withCassette((name: string, cassette: InsertedCassette) => [name, cassette])).parameters.toEqualTypeOf<
    [name: string]
  >();
});

test("a mode is one of the words, and an address is a text", () => {
  expectTypeOf<interceptEntry.CassetteOptions["mode"]>().exclude<undefined>().toEqualTypeOf<interceptEntry.Mode>();
  expectTypeOf<interceptEntry.InterceptOptions["at"]>().toEqualTypeOf<readonly string[] | undefined>();
  expectTypeOf<typeof interceptEntry.intercept>().returns.toEqualTypeOf<interceptEntry.Interception>();
});
