/** What a cassette has shown of a thing's name stands for its id, whole or by its first 12 digits. */
import { expect, test } from "vitest";
import { NameBook } from "../../src/view/digest/name-book.ts";
import { parseOperation } from "../../src/wire/operations/operation.ts";

const ID = "4a2931774b32".padEnd(64, "0");
const OTHER = "91b7c5d41234".padEnd(64, "0");

function learn(names: NameBook, line: string, { sent, got }: { sent?: unknown; got?: unknown } = {}): NameBook {
  const [method = "", target = ""] = line.split(" ");
  names.learn(parseOperation(method, `/v1.51${target}`), sent, got);
  return names;
}

test.each([
  ["a container that was created", "POST /containers/create?name=web", { got: { Id: ID } }],
  ["one that was inspected", `GET /containers/${ID}/json`, { got: { Id: ID, Name: "/web" } }],
  [
    "one of a list",
    "GET /containers/json",
    {
      got: [
        { Id: OTHER, Names: ["/db"] },
        { Id: ID, Names: ["/web"] },
      ],
    },
  ],
  ["a network", "POST /networks/create", { sent: { Name: "web" }, got: { Id: ID } }],
] as const)("%s", (_what, line, bodies) => {
  const names = learn(new NameBook(), line, bodies);
  expect([names.nameThing(ID), names.nameThing("4a2931774b32"), names.shorten(`of ${ID}`)]).toEqual([
    "web",
    "web",
    "of web",
  ]);
});

test("an id of another shape is known whole, and by its beginning", () => {
  const names = learn(new NameBook(), "POST /networks/create", {
    sent: { Name: "mesh" },
    got: { Id: "x7f9c2kq0p1mzz8" },
  });
  expect([names.nameThing("x7f9c2kq0p1mzz8"), names.nameThing("x7f9c2kq0p1m"), names.nameThing("x7f")]).toEqual([
    "mesh",
    "mesh",
    "x7f",
  ]);
});

test.each(["web", ID])("a container is renamed by %s", (reference) => {
  const names = learn(new NameBook(), "POST /containers/create?name=web", { got: { Id: ID } });
  learn(names, `POST /containers/${reference}/rename?name=shop`);
  expect([names.nameThing(ID), names.nameThing("4a2931774b32")]).toEqual(["shop", "shop"]);
});

test("a thing without a known name is its first 12 digits", () => {
  const names = learn(new NameBook(), "POST /containers/create", { got: { Id: ID } });
  expect([names.nameThing(ID), names.nameThing("web"), names.shorten(`sha256:${OTHER}`)]).toEqual([
    "4a2931774b32",
    "web",
    "91b7c5d41234",
  ]);
});

test("a command is known by the exec's id", () => {
  const names = learn(new NameBook(), "POST /containers/web/exec", { sent: { Cmd: ["ls", "a b"] }, got: { Id: ID } });
  expect(names.findExec(ID)).toEqual({ container: "web", command: "ls 'a b'" });
});
