import { describe, expect, test } from "vitest";
import { AddressAllocator } from "../../../src/mock/model/address-allocator.ts";
import { ApiVersion } from "../../../src/mock/model/api-version.ts";
import { EventBus } from "../../../src/mock/model/event-bus.ts";
import { Filters } from "../../../src/mock/model/filters.ts";
import { toShortId } from "../../../src/mock/model/short-id.ts";
import { Store } from "../../../src/mock/model/store.ts";
import {
  formatAddress,
  isOverlapping,
  parseAddress,
  parseSubnet,
  type Subnet,
} from "../../../src/mock/model/subnet.ts";
import { catchApiError } from "../../playbook/catch-api-error.ts";
import { makeContainer } from "../../playbook/make-container.ts";
import { MockedDaemon } from "../../playbook/mocked.ts";

describe("a container is found", () => {
  const { engine } = new MockedDaemon();
  const web = makeContainer(engine, "web");
  makeContainer(engine, "abc");
  const { id } = web;

  test.each([
    ["its name", () => "web"],
    ["its name with a slash", () => "/web"],
    ["its id", () => id],
    ["the short id", () => toShortId(id)],
    ["a prefix of the id", () => id.slice(0, 20)],
  ])("by %s", (_, reference) => {
    expect(engine.containers.find(reference())).toBe(web);
  });

  test("by its new name after a change, and no longer by the old one", () => {
    engine.containers.change(id, (container) => ({ ...container, name: "front" }));
    expect(engine.containers.find("front").id).toBe(id);
    expect(catchApiError(() => engine.containers.find("web"))).toBe("404 No such container: web");
  });

  test("by a name before an id that begins so", () => {
    expect(engine.containers.find("abc").name).toBe("abc");
  });

  test("unless several ids begin so", () => {
    const twins = new MockedDaemon().engine;
    for (const digit of "12") twins.containers.put({ ...web, id: `${"e".repeat(63)}${digit}`, name: `e${digit}` });
    expect(catchApiError(() => twins.containers.find("eee"))).toBe("400 multiple IDs found with provided prefix: eee");
    expect(catchApiError(() => twins.containers.find("xyz"))).toBe("404 No such container: xyz");
  });
});

describe("a network is found", () => {
  const { engine } = new MockedDaemon();
  const [bridge] = engine.networks;
  const twin = { ...(bridge as NonNullable<typeof bridge>), name: "twin" };
  engine.networks.put({ ...twin, id: `aa${"0".repeat(62)}` });
  engine.networks.put({ ...twin, id: `ab${"0".repeat(62)}` });

  test.each([
    ["bridge", "bridge"],
    [bridge?.id ?? "", "bridge"],
    ["ab0", "twin"],
  ])("by %s", (reference, name) => {
    expect(engine.networks.find(reference).name).toBe(name);
  });

  test.each([
    ["twin", "400 network twin is ambiguous (2 matches found on name)"],
    ["a", "400 network a is ambiguous (2 matches found on ID prefix)"],
    ["nosuch", "404 network nosuch not found"],
    ["", "404 network  not found"],
  ])("but not by %j", (reference, error) => {
    expect(catchApiError(() => engine.networks.find(reference))).toBe(error);
  });
});

describe("an image is found", () => {
  const { engine } = new MockedDaemon();
  const { id } = engine.images.find("busybox");
  const digest = `sha256:${"d".repeat(64)}`;
  engine.images.addName(id, { domain: "docker.io", path: "library/busybox", tag: undefined, digest });

  test.each([
    "busybox",
    "busybox:latest",
    "library/busybox",
    "docker.io/library/busybox:latest",
    `busybox@${digest}`,
    `busybox:any@${digest}`,
    id,
    id.slice("sha256:".length),
    toShortId(id),
    id.slice(0, 20),
  ])("by %s", (reference) => {
    expect(engine.images.find(reference).id).toBe(id);
  });

  test.each([
    ["nosuch", "404 No such image: nosuch:latest"],
    ["busybox:1", "404 No such image: busybox:1"],
    ["e".repeat(64), `404 No such image: sha256:${"e".repeat(64)}`],
    ["Bad", "400 invalid reference format: repository name (library/Bad) must be lowercase"],
  ])("but not by %s", (reference, error) => {
    expect(catchApiError(() => engine.images.find(reference))).toBe(error);
  });

  test("a name belongs to one image at a time", () => {
    const other = engine.images.find("hello-world");
    engine.images.addName(other.id, { domain: "docker.io", path: "library/busybox", tag: "latest", digest: undefined });
    expect(engine.images.find("busybox").id).toBe(other.id);
    expect(engine.images.get(id)?.tags).toEqual([]);
  });
});

describe("a filter", () => {
  const filters = new Filters(
    new Map(Object.entries({ label: ["a", "b=1"], status: ["running", "paused"], dangling: ["T"], bad: ["x"] })),
  );

  test("is met by one of its values, and by everything if it is not set", () => {
    expect([filters.hasExactly("status", "paused"), filters.hasExactly("status", "dead")]).toEqual([true, false]);
    expect([filters.hasExactly("name", "any"), filters.has("name"), filters.getValues("name")]).toEqual([
      true,
      false,
      [],
    ]);
    expect(filters.hasMatch("status", (value) => value.startsWith("run"))).toBe(true);
  });

  test.each([
    [{ a: "", b: "1" }, true],
    [{ a: "x", b: "1", c: "" }, true],
    [{ b: "1" }, false],
    [{ a: "", b: "2" }, false],
    [{}, false],
  ])("of labels needs all of them: %j is %s", (labels, isMatch) => {
    expect(filters.hasLabels(labels as Record<string, string>)).toBe(isMatch);
  });

  test.each([
    ["1", true],
    ["t", true],
    ["TRUE", true],
    ["0", false],
    ["F", false],
    ["false", false],
  ])("of a boolean has one of Go's spellings: %s", (text, value) => {
    expect(new Filters(new Map([["dangling", [text]]])).getFlag("dangling")).toBe(value);
  });

  test("of a boolean with another value is an error", () => {
    expect(catchApiError(() => filters.getFlag("bad"))).toBe("400 Invalid filter 'bad=[x]'");
    expect(filters.getFlag("none")).toBeUndefined();
  });
});

test.each([
  ["1.9", "1.18", true, false],
  ["1.41", "1.41", false, false],
  ["1.41", "1.40", false, true],
  ["1", "1.0", false, false],
  ["01.24", "1.24", false, false],
  ["2.0", "1.99", false, true],
])("version %s and %s", (one, other, isBefore, isAfter) => {
  const version = new ApiVersion(one);
  expect([version.isBefore(other), version.isAfter(other)]).toEqual([isBefore, isAfter]);
});

test.each([
  ["10.7.0.0/24", { first: 0x0a070000, size: 256, prefix: 24 }],
  ["10.7.0.9/24", { first: 0x0a070000, size: 256, prefix: 24 }],
  ["0.0.0.0/0", { first: 0, size: 2 ** 32, prefix: 0 }],
  ["255.255.255.255/32", { first: 0xffffffff, size: 1, prefix: 32 }],
  ["10.7.0.0", undefined],
  ["10.7.0.0/33", undefined],
  ["10.7.0.256/24", undefined],
  ["fd00::/64", undefined],
])("the subnet %s", (text, subnet) => {
  expect(parseSubnet(text)).toEqual(subnet);
});

test.each([
  ["10.0.0.0/8", "10.7.0.0/16", true],
  ["10.7.0.0/16", "10.0.0.0/8", true],
  ["10.7.0.0/24", "10.7.1.0/24", false],
  ["192.168.255.255/32", "192.168.255.0/24", true],
])("%s and %s overlap: %s", (one, other, overlaps) => {
  expect(isOverlapping(parseSubnet(one) as Subnet, parseSubnet(other) as Subnet)).toBe(overlaps);
});

test("addresses are numbers and back", () => {
  for (const text of ["0.0.0.0", "10.7.0.9", "192.168.255.1", "255.255.255.255"]) {
    expect(formatAddress(parseAddress(text) as number)).toBe(text);
  }
  expect(["1.2.3", "1.2.3.4.5", "a.b.c.d", "1.2.3.256", ""].map(parseAddress)).toEqual(Array(5).fill(undefined));
});

test("the first free address is allocated, and a released one again", () => {
  const addresses = new AddressAllocator();
  const take = (): string => {
    const address = addresses.findFree("net", 1, 4, (number) => `10.0.0.${number}`) ?? "none";
    if (address !== "none") addresses.take("net", address);
    return address;
  };
  expect([take(), take(), take(), take()]).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3", "none"]);
  addresses.release("net", "10.0.0.2");
  expect([take(), take(), addresses.isTaken("other", "10.0.0.1")]).toEqual(["10.0.0.2", "none", false]);
});

test("a store reports each change with the state before and after it", () => {
  const changes: unknown[] = [];
  const store = new Store<{ id: string; n: number }>(
    ({ id }) => id,
    (after, before) => changes.push([before?.n, after?.n]),
  );
  store.put({ id: "a", n: 1 });
  store.change("a", (record) => ({ ...record, n: 2 }));
  expect(store.change("b", (record) => record)).toBeUndefined();
  store.delete("a");
  store.delete("a");
  expect(changes).toEqual([
    [undefined, 1],
    [1, 2],
    [2, undefined],
  ]);
});

test("the event bus keeps the latest 256 events, and stops calling a listener that left", () => {
  const bus = new EventBus();
  const received: string[] = [];
  const stop = bus.listen(({ id }) => received.push(id));
  for (let number = 0; number < 300; number += 1) {
    if (number === 2) stop();
    bus.emit({ type: "container", action: "start", id: String(number), attributes: {}, time: 0n });
  }
  expect([received, bus.past.length, bus.past[0]?.id, bus.listenerCount]).toEqual([["0", "1"], 256, "44", 0]);
});
