import { describe, expect, test } from "vitest";
import { GrpcClient } from "../../../src/session/grpc/grpc-client.ts";
import { type GrpcHandler, serveGrpc } from "../../../src/session/grpc/serve-grpc.ts";
import { connectionPair } from "../../../src/session/pair.ts";

/** A client and a server on the two ends of a connection in memory. */
function connectClient(
  handle: GrpcHandler,
  faults: unknown[] = [],
): { readonly client: GrpcClient; readonly served: Promise<void> } {
  const [near, far] = connectionPair();
  const served = serveGrpc(far, handle, (error) => faults.push(error));
  return { client: new GrpcClient(near), served };
}

async function collect(messages: AsyncIterable<Buffer>): Promise<string[]> {
  const texts: string[] = [];
  for await (const message of messages) texts.push(message.toString());
  return texts;
}

describe("a gRPC call", () => {
  test("carries its messages both ways, and its status", async () => {
    const { client } = connectClient(async (call) => {
      for await (const message of call.messages) await call.send(Buffer.from(`got ${message}`));
      call.end({ code: 0, message: "" });
    });
    const call = client.call("/a.B/C");
    call.send(Buffer.from("one"));
    call.send(Buffer.from("two"));
    call.halfClose();
    expect(await collect(call.messages)).toEqual(["got one", "got two"]);
    expect(await call.status).toEqual({ code: 0, message: "" });
    client.close();
  });

  test("keeps the order and the repeats of metadata", async () => {
    const { client } = connectClient(async (call) => {
      call.send(Buffer.from(JSON.stringify([call.method, ...call.metadata])));
      call.end();
    });
    const call = client.call("/a.B/C", [
      ["followpaths", "one"],
      ["dir-name", "context"],
      ["followpaths", "two, three"],
    ]);
    call.halfClose();
    const [text = ""] = await collect(call.messages);
    expect(JSON.parse(text)).toEqual([
      "/a.B/C",
      ["content-type", "application/grpc"],
      ["te", "trailers"],
      ["followpaths", "one"],
      ["followpaths", "two, three"],
      ["dir-name", "context"],
    ]);
    client.close();
  });

  test.each([
    ["at once", false],
    ["after a message", true],
  ])("that fails %s tells why, whatever letters that needs", async (_when, sends) => {
    const status = { code: 9, message: "no build: täg 100 % „x“", details: Buffer.from([1, 2, 3]) };
    const { client } = connectClient(async (call) => {
      if (sends) call.send(Buffer.from("x"));
      call.end(status);
    });
    const call = client.call("/a.B/C");
    expect(await collect(call.messages)).toEqual(sends ? ["x"] : []);
    expect(await call.status).toEqual(status);
    client.close();
  });

  test("of 20 MB in pieces arrives whole", async () => {
    const piece = Buffer.alloc(64 * 1024, "x");
    const { client } = connectClient(async (call) => {
      let size = 0;
      for await (const message of call.messages) size += message.length;
      call.send(Buffer.from(`${size}`));
      call.end();
    });
    const call = client.call("/a.B/C");
    for (let sent = 0; sent < 320; sent += 1) await call.send(piece);
    call.halfClose();
    expect(await collect(call.messages)).toEqual([`${320 * piece.length}`]);
    client.close();
  });

  test("whose answer has 20 MB ends after the last byte, though the client sends on", async () => {
    const piece = Buffer.alloc(64 * 1024, "x");
    const { client } = connectClient(async (call) => {
      for (let sent = 0; sent < 320; sent += 1) await call.send(piece);
      call.end();
    });
    const call = client.call("/a.B/C");
    call.send(Buffer.from("and more"));
    let size = 0;
    for await (const message of call.messages) size += message.length;
    expect({ size, status: await call.status }).toEqual({ size: 320 * piece.length, status: { code: 0, message: "" } });
    client.close();
  });

  test("that the handler throws at ends with INTERNAL, and others go on", async () => {
    const faults: unknown[] = [];
    const { client } = connectClient(async (call) => {
      if (call.method === "/bad") throw new Error("broken");
      call.end();
    }, faults);
    expect(await client.call("/bad").status).toEqual({ code: 13, message: "broken" });
    expect(await client.call("/good").status).toEqual({ code: 0, message: "" });
    expect(faults).toHaveLength(1);
    client.close();
  });

  test("that is cancelled aborts the handler's signal", async () => {
    let isAborted: (value: unknown) => void = () => undefined;
    const aborted = new Promise((resolve) => {
      isAborted = resolve;
    });
    const { client } = connectClient(async (call) => {
      call.sendHead();
      call.signal.addEventListener("abort", isAborted);
    });
    const call = client.call("/a.B/C");
    call.send(Buffer.from("x"));
    call.cancel();
    await aborted;
    client.close();
  });

  test("on a connection that breaks is UNAVAILABLE, and the server ends", async () => {
    const [near, far] = connectionPair();
    const served = serveGrpc(far, async (call) => call.sendHead());
    const client = new GrpcClient(near);
    const call = client.call("/a.B/C");
    call.send(Buffer.from("x"));
    near.reset();
    expect((await call.status).code).toBe(14);
    await Promise.all([served, client.closed]);
    expect((await client.call("/late").status).code).toBe(14);
  });

  test("a client that closes lets the server end", async () => {
    const { client, served } = connectClient(async (call) => call.end());
    await client.call("/a.B/C").status;
    client.close();
    await Promise.all([served, client.closed]);
  });
});
