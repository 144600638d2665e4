import { describe, expect, test } from "vitest";
import { QueryParameters } from "../../../../src/mock/api/http/query.ts";

function query(text: string): QueryParameters {
  return new QueryParameters([...new URLSearchParams(text)]);
}

function catchError(work: () => unknown): { readonly status: number; readonly message: string } {
  try {
    work();
  } catch (error) {
    const { status, message } = error as { status: number; message: string };
    return { status, message };
  }
  throw new Error("nothing was thrown");
}

test("get returns the first value, getAll all of them, has tells an empty value from none", () => {
  const parameters = query("t=a&t=b&x=");
  expect(parameters.get("t")).toBe("a");
  expect(parameters.getAll("t")).toEqual(["a", "b"]);
  expect(parameters.get("y")).toBe("");
  expect([parameters.has("x"), parameters.has("y")]).toEqual([true, false]);
});

describe("a flag", () => {
  test.each([
    ["", false],
    ["0", false],
    ["no", false],
    ["False", false],
    ["none", false],
    [" None ", false],
    ["1", true],
    ["true", true],
    ["off", true],
    ["2", true],
  ])("of %j is %s", (text, expected) => {
    expect(new QueryParameters([["all", text]]).getFlag("all", !expected)).toBe(expected);
  });

  test("has the fallback only if the parameter is missing", () => {
    expect(query("").getFlag("rm", true)).toBe(true);
    expect(query("rm").getFlag("rm", true)).toBe(false);
  });
});

describe("a number", () => {
  test.each([
    ["", undefined],
    ["5", 5],
    ["-1", -1],
    ["+3", 3],
    ["007", 7],
  ])("of %j is %s", (text, expected) => {
    expect(new QueryParameters([["t", text]]).getInteger("t")).toBe(expected);
  });

  test.each(["1.5", "x", "1e3", " 1", "0x1"])("of %j is refused with the message of Go", (text) => {
    const message = `strconv.Atoi: parsing "${text}": invalid syntax`;
    expect(catchError(() => new QueryParameters([["t", text]]).getInteger("t"))).toEqual({ status: 500, message });
  });
});

describe("filters", () => {
  test.each([
    ["", []],
    ["null", []],
    ["{}", []],
    ['{"label":["a","b"]}', ["a", "b"]],
    ['{"label":{"a":true,"b":true}}', ["a", "b"]],
    ['{"label":null}', []],
    ['{"label":[1]}', ["1"]],
  ])("of %s have these labels", (text, expected) => {
    expect(new QueryParameters([["filters", text]]).readFilters(["label"]).getValues("label")).toEqual(expected);
  });

  test.each([
    ["x", 500, "invalid character 'x' looking for beginning of value"],
    ['{"label":x}', 500, "invalid character 'x' looking for beginning of value"],
    ["{label}", 500, "invalid character 'l' looking for beginning of object key string"],
    ["{", 500, "unexpected end of JSON input"],
    ["{} {}", 500, "invalid character '{' after top-level value"],
    ["[]", 500, "json: cannot unmarshal array into Go value of type map[string]map[string]bool"],
    ["1", 500, "json: cannot unmarshal number into Go value of type map[string]map[string]bool"],
    ['{"label":true}', 500, "json: cannot unmarshal bool into Go value of type map[string]bool"],
    ['{"colour":["red"]}', 400, "Invalid filter 'colour'"],
  ])("of %s are refused with %i", (text, status, message) => {
    expect(catchError(() => new QueryParameters([["filters", text]]).readFilters(["label"]))).toEqual({
      status,
      message,
    });
  });

  test("of any name are read where the endpoint does not know its filters", () => {
    expect(query('filters={"colour":["red"]}').readAnyFilters().getValues("colour")).toEqual(["red"]);
  });
});
