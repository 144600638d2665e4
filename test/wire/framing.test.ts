import { describe, expect, it } from "vitest";
import { WireError } from "../../src/base/errors.ts";
import { type MessageFraming, resolveRequestFraming, resolveResponseFraming } from "../../src/wire/http/body.ts";
import type { HeaderField, RequestHead, ResponseHead } from "../../src/wire/http/head.ts";
import { catchError } from "./deliveries.ts";

const CHUNKED: HeaderField = ["Transfer-Encoding", "chunked"];
const FIVE: HeaderField = ["Content-Length", "5"];

function request(fields: readonly HeaderField[], version: RequestHead["version"] = "HTTP/1.1"): RequestHead {
  return { method: "POST", target: "/", version, fields };
}

function createResponse(status: number, fields: readonly HeaderField[] = []): ResponseHead {
  return { version: "HTTP/1.1", status, reason: "", fields };
}

describe("where a request's body ends", () => {
  const rows: [claim: string, fields: HeaderField[], framing: MessageFraming][] = [
    ["there is none without a word of it", [], { kind: "none" }],
    ["Content-Length counts it", [FIVE], { kind: "length", length: 5 }],
    ["the same Content-Length twice counts it", [FIVE, ["content-length", "5"]], { kind: "length", length: 5 }],
    ["Content-Length may be 0", [["Content-Length", "0"]], { kind: "length", length: 0 }],
    ["chunked ends itself", [CHUNKED], { kind: "chunked" }],
    ["chunked wins over Content-Length", [FIVE, CHUNKED], { kind: "chunked" }],
    ["chunked wins over a bad Content-Length", [CHUNKED, ["Content-Length", "x"]], { kind: "chunked" }],
    ["chunked is known in any case", [["transfer-encoding", "Chunked"]], { kind: "chunked" }],
    ["chunked may come last of several", [["Transfer-Encoding", "gzip, chunked"]], { kind: "chunked" }],
  ];
  it.each(rows)("%s", (_, fields, framing) => {
    expect(resolveRequestFraming(request(fields))).toEqual(framing);
  });

  it("HTTP/1.0 knows no Transfer-Encoding", () => {
    expect(resolveRequestFraming(request([CHUNKED, FIVE], "HTTP/1.0"))).toEqual({ kind: "length", length: 5 });
  });

  it("cannot be told from another last coding", () => {
    const error = catchError(() => resolveRequestFraming(request([["Transfer-Encoding", "chunked, gzip"]])));
    expect(error).toMatchObject({ code: "WHALESONG_BAD_TRANSFER_ENCODING", fields: { coding: "gzip" } });
  });

  it.each([
    [["5", "6"]],
    [["5", "05"]],
    [[""]],
    [["-1"]],
    [["+5"]],
    [["5, 5"]],
    [["0x5"]],
    [["1e3"]],
    [["9007199254740993"]],
  ])("cannot be told from Content-Length %j", (values) => {
    const error = catchError(() => resolveRequestFraming(request(values.map((value) => ["Content-Length", value]))));
    expect(error).toBeInstanceOf(WireError);
    expect(error).toMatchObject({ code: "WHALESONG_BAD_CONTENT_LENGTH", fields: { values } });
  });
});

describe("where a response's body ends", () => {
  it.each([100, 101, 103, 204, 304])("status %d has none, whatever the head says", (status) => {
    expect(resolveResponseFraming(createResponse(status, [FIVE, CHUNKED]), "GET")).toEqual({ kind: "none" });
  });

  it("the answer to HEAD has none, whatever the head says", () => {
    expect(resolveResponseFraming(createResponse(200, [FIVE]), "HEAD")).toEqual({ kind: "none" });
  });

  const rows: [claim: string, fields: HeaderField[], framing: MessageFraming][] = [
    ["the connection's end ends it without a word of it", [], { kind: "close" }],
    ["Content-Length counts it", [FIVE], { kind: "length", length: 5 }],
    ["chunked wins over Content-Length", [FIVE, CHUNKED], { kind: "chunked" }],
    ["the connection's end ends another coding", [["Transfer-Encoding", "gzip"], FIVE], { kind: "close" }],
  ];
  it.each(rows)("%s", (_, fields, framing) => {
    expect(resolveResponseFraming(createResponse(200, fields), "GET")).toEqual(framing);
  });

  it("cannot be told from two lengths", () => {
    const fields: HeaderField[] = [FIVE, ["Content-Length", "6"]];
    expect(catchError(() => resolveResponseFraming(createResponse(200, fields), "GET")).message).toBe(
      "cannot tell where the body ends: got Content-Length `5` and `6`, expected one whole number of bytes",
    );
  });
});
